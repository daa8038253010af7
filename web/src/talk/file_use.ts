// Files by tickets of the server: one to see it for some minutes, one to save it once. Each leaves its trace in the log.
import { useQuery } from '@tanstack/react-query';
import { ApiError, call } from '../base/api.ts';
import { toast } from '../base/live.tsx';
import { useTalkStore } from './talk.ts';
import type { TalkFile } from './file_kinds.ts';
import type { Look } from './look.ts';

/** A little shorter than the server's word is good for. */
const SHOWN_MS = 9 * 60_000;
export function useShown(file: TalkFile, wanted: boolean) {
  const { tenant } = useTalkStore().me;
  return useQuery({
    queryKey: ['file', tenant, file.id], enabled: wanted, staleTime: SHOWN_MS, gcTime: SHOWN_MS, retry: false,
    queryFn: () => call(tenant, 'file.ticket', { params: { stored: file.id }, body: { use: 'show' } }),
  });
}

export function useSave(look: Look) {
  const { tenant } = useTalkStore().me;
  return async (file: TalkFile) => {
    try {
      const { url } = await call(tenant, 'file.ticket', { params: { stored: file.id }, body: { use: 'save' } });
      const a = document.createElement('a');
      a.href = url;
      a.download = file.name;
      a.click();
    } catch (e) {
      toast(e instanceof ApiError ? e.message : look.t('talk.file.failed'));
    }
  };
}
