import { Suspense } from 'react';
import { SignIn } from '@/modules/sign-in/sign-in';

export default function Page() {
  return (
    <Suspense>
      <SignIn />
    </Suspense>
  );
}
