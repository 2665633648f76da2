'use client';
import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

interface TabsProps {
  label: string;
  value: string;
  onChange(value: string): void;
  tabs: readonly { value: string; label: string; count?: number }[];
  children: ReactNode;
  className?: string;
}

export function Tabs({ label, value, onChange, tabs, children, className = '' }: TabsProps) {
  return (
    <Radix.Root value={value} onValueChange={onChange} className={className}>
      <Radix.List aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line px-4 [scrollbar-width:none] sm:px-6">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px flex h-10 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2.5 font-medium text-ink-2 -outline-offset-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink pointer-coarse:h-11"
          >
            {tab.label}
            {tab.count !== undefined && tab.count > 0 && (
              <span className="num rounded-full bg-line/60 px-1.5 text-xs text-ink">{tab.count}</span>
            )}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {children}
    </Radix.Root>
  );
}

export function TabPanel({ value, children, className = '' }: { value: string; children: ReactNode; className?: string }) {
  return (
    <Radix.Content value={value} className={`-outline-offset-2 ${className}`}>
      {children}
    </Radix.Content>
  );
}
