// The one registry of commands: it feeds the palette, the help sheet and the keyboard.

export interface Command {
  id: string;
  /** Message id of its name. */
  label: string;
  group: 'go' | 'do' | 'timeline' | 'player';
  /** `mod+k`, `?`, `g s` (one after the other), `shift+ArrowLeft`; several ways in a list. */
  keys?: string | readonly string[];
  run(): void;
  /** Only in the sheet and on the keyboard, such as the four arrow keys. */
  hidden?: boolean;
}

const SEQUENCE_MS = 1_200;

export function keysOf(command: Command): readonly string[] {
  return command.keys === undefined ? [] : typeof command.keys === 'string' ? [command.keys] : command.keys;
}

/** Name of a pressed key in the spelling of the registry. */
export function pressed(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // Shift is part of a printed character already: `?` is `?`, not `shift+/`.
  const shift = event.shiftKey && event.key.length > 1;
  return `${event.ctrlKey || event.metaKey ? 'mod+' : ''}${event.altKey ? 'alt+' : ''}${shift ? 'shift+' : ''}${key}`;
}

/** Whether a key belongs to what has the focus: text being typed, a list being walked. */
export function isTaken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('textarea, select')) return true;
  const input = target.closest('input');
  if (input) return input.type !== 'checkbox' || key === 'Space';
  if (target.closest('[role="menu"], [role="dialog"], [role="listbox"]')) return true;
  if (target.closest('[role="tablist"], [role="radiogroup"]')) return key.startsWith('Arrow');
  if (target.closest('button, a, summary, audio')) return key === 'Space' || key === 'Enter';
  return false;
}

export class Registry {
  private commands = new Map<string, Command>();
  private listeners = new Set<() => void>();
  private snapshot: readonly Command[] = [];
  private first: { key: string; at: number } | undefined;

  add(commands: readonly Command[]): () => void {
    for (const command of commands) this.commands.set(command.id, command);
    this.publish();
    return () => {
      for (const command of commands) {
        if (this.commands.get(command.id) === command) this.commands.delete(command.id);
      }
      this.publish();
    };
  }

  list = (): readonly Command[] => this.snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The command a key stands for, given the one before it; `undefined` when it means nothing. */
  match(key: string, singleKeys: boolean, now: number): Command | undefined {
    const before = this.first && now - this.first.at < SEQUENCE_MS ? this.first.key : undefined;
    this.first = undefined;
    const find = (wanted: string) => {
      for (const command of this.commands.values()) if (keysOf(command).includes(wanted)) return command;
      return undefined;
    };
    const isSingle = !/^(mod|alt)\+|^(Arrow|Escape|Page|Home|End|shift\+)/.test(key);
    if (isSingle && !singleKeys) return undefined;
    if (before) {
      const sequence = find(`${before} ${key}`);
      if (sequence) return sequence;
    }
    const direct = find(key);
    if (direct) return direct;
    for (const command of this.commands.values()) {
      if (keysOf(command).some((keys) => keys.startsWith(`${key} `))) {
        this.first = { key, at: now };
        break;
      }
    }
    return undefined;
  }

  private publish() {
    this.snapshot = [...this.commands.values()];
    for (const listener of this.listeners) listener();
  }
}

/** Keys as they are printed in the sheet. */
export function printed(keys: string, isMac: boolean): string[] {
  const names: Record<string, string> = {
    mod: isMac ? '⌘' : 'Ctrl',
    shift: '⇧',
    alt: isMac ? '⌥' : 'Alt',
    ArrowLeft: '←',
    ArrowRight: '→',
    ArrowUp: '↑',
    ArrowDown: '↓',
    Escape: 'Esc',
  };
  return keys.split(/[ +](?=.)/).map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key));
}
