import { Suspense } from 'react';
import { Studio } from '@/modules/studio/studio';

export default function Page() {
  return (
    <Suspense>
      <Studio />
    </Suspense>
  );
}
