import { Library } from '@/modules/library/library';

export default function Page() {
  return <Library />;
}
