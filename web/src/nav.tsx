'use client';
// The only file that knows the router, so that leaving it stays a small job.
import NextLink from 'next/link';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useCallback, useMemo, useSyncExternalStore, type AnchorHTMLAttributes } from 'react';

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { href: string };

/** A link inside the app. Prefetches on hover only: a rail of links must not cost requests. */
export function Link(props: LinkProps) {
  return <NextLink prefetch={false} {...props} />;
}

export function useNavigate(): (href: string, options?: { replace?: boolean }) => void {
  const router = useRouter();
  return useCallback(
    (href, options) => (options?.replace ? router.replace(href, { scroll: false }) : router.push(href)),
    [router],
  );
}

const never = () => () => {};

/** False while the exported page hydrates, true afterwards. */
export function useMounted(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

/** Path of the page; empty during the pre-render, because one exported file serves every id. */
export function usePath(): string {
  const path = usePathname();
  const mounted = useMounted();
  return mounted ? path : '';
}

/** Whether this is the page of a fixed path. Known in the pre-render too: only ids are not. */
export function useIsAt(path: string): boolean {
  return usePathname() === path;
}

/** The id of `/<collection>/<id>`; undefined until the page is live. */
export function useRouteId(collection: string): string | undefined {
  const [, first, id] = usePath().split('/');
  return first === collection && id && id !== '_' ? decodeURIComponent(id) : undefined;
}

/** Query parameters, and a setter that replaces them without a navigation entry. */
export function useQuery(): [URLSearchParams, (change: Record<string, string | undefined>) => void] {
  const params = useSearchParams();
  const change = useCallback((next: Record<string, string | undefined>) => {
    const url = new URL(window.location.href);
    for (const [name, value] of Object.entries(next)) {
      if (value === undefined || value === '') url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    window.history.replaceState(null, '', url);
  }, []);
  const stable = useMemo(() => new URLSearchParams(params.toString()), [params]);
  return [stable, change];
}
