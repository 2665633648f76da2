import { Settings } from '@/modules/settings/settings';

export default function Page() {
  return <Settings />;
}
