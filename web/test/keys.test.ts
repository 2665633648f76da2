import { describe, expect, test, vi } from 'vitest';
import { pressed, printed, Registry, type Command } from '@/shell/keys';

const command = (id: string, keys: string | string[]): Command => ({ id, label: id, group: 'do', keys, run: vi.fn() });
const event = (key: string, over: Partial<KeyboardEvent> = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...over });

describe('keys', () => {
  test('names of pressed keys', () => {
    expect(pressed(event('k', { ctrlKey: true }))).toBe('mod+k');
    expect(pressed(event('K', { metaKey: true, shiftKey: true }))).toBe('mod+k');
    expect(pressed(event('?', { shiftKey: true }))).toBe('?');
    expect(pressed(event('ArrowLeft', { shiftKey: true }))).toBe('shift+ArrowLeft');
    expect(pressed(event(' '))).toBe('Space');
  });

  test('g then a letter goes somewhere, but not after a pause', () => {
    const registry = new Registry();
    registry.add([command('studio', 'g s'), command('spectrogram', 's')]);
    expect(registry.match('g', true, 0)).toBeUndefined();
    expect(registry.match('s', true, 500)?.id).toBe('studio');
    expect(registry.match('s', true, 600)?.id).toBe('spectrogram');
    registry.match('g', true, 1_000);
    expect(registry.match('s', true, 9_000)?.id).toBe('spectrogram');
  });

  test('single keys can be turned off; the others stay', () => {
    const registry = new Registry();
    registry.add([command('help', '?'), command('palette', 'mod+k'), command('left', 'ArrowLeft'), command('go', 'g h')]);
    expect(registry.match('?', false, 0)).toBeUndefined();
    registry.match('g', false, 0);
    expect(registry.match('h', false, 10)).toBeUndefined();
    expect(registry.match('mod+k', false, 0)?.id).toBe('palette');
    expect(registry.match('ArrowLeft', false, 0)?.id).toBe('left');
  });

  test('what leaves the screen takes its keys along', () => {
    const registry = new Registry();
    const leave = registry.add([command('play', 'Space')]);
    expect(registry.list()).toHaveLength(1);
    leave();
    expect(registry.match('Space', true, 0)).toBeUndefined();
    expect(registry.list()).toHaveLength(0);
  });

  test('a later offer under the same id is not removed by the earlier leaving', () => {
    const registry = new Registry();
    const leave = registry.add([command('play', 'p')]);
    registry.add([command('play', 'q')]);
    leave();
    expect(registry.match('q', true, 0)?.id).toBe('play');
  });

  test('keys are printed as they stand on the keyboard', () => {
    expect(printed('mod+k', true)).toEqual(['⌘', 'K']);
    expect(printed('mod+k', false)).toEqual(['Ctrl', 'K']);
    expect(printed('g s', false)).toEqual(['G', 'S']);
    expect(printed('shift+ArrowLeft', false)).toEqual(['⇧', '←']);
    expect(printed('+', false)).toEqual(['+']);
  });
});
