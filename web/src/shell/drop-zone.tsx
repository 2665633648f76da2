'use client';
import { useEffect, useState } from 'react';
import { useText } from '@/i18n/text';
import { Icon } from '@/ui/icon';
import { addFiles } from './uploads';

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

/** Files may be dropped anywhere in the app. */
export function DropZone() {
  const t = useText();
  const [over, setOver] = useState(false);
  useEffect(() => {
    // dragenter and dragleave come in pairs for every element below the pointer.
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth -= 1;
      if (depth <= 0) setOver(false);
    };
    const above = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      depth = 0;
      setOver(false);
      if (!event.dataTransfer || !carriesFiles(event)) return;
      event.preventDefault();
      addFiles(event.dataTransfer.files);
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', above);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', above);
      window.removeEventListener('drop', drop);
    };
  }, []);
  if (!over) return null;
  return (
    <div className="fade-in pointer-events-none fixed inset-0 z-50 grid place-items-center bg-surface/90 p-6">
      <div className="grid size-full place-items-center rounded-lg border-2 border-dashed border-accent">
        <div className="flex flex-col items-center gap-3 text-accent">
          <Icon name="upload" size={44} strokeWidth={1} />
          <p className="text-xl font-semibold">{t('upload-drop-here')}</p>
        </div>
      </div>
    </div>
  );
}
