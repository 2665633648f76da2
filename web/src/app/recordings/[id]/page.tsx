import { Suspense } from 'react';
import { RecordingPage } from '@/modules/recording/recording-page';

// One exported file serves every recording: the server maps `/recordings/<id>` to it.
export const dynamicParams = false;
export const generateStaticParams = () => [{ id: '_' }];

export default function Page() {
  return (
    <Suspense>
      <RecordingPage />
    </Suspense>
  );
}
