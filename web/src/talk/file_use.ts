// Files by tickets of the server: one to see it for some minutes, one to save it once. Each leaves its trace in the log.
import { useQuery } from '@tanstack/react-query';
import { ApiError, call } from '../base/api.ts';
import { toast } from '../base/live.tsx';
import { useTalkStore } from './talk.ts';
import { isPaper, isPicture, type TalkFile } from './file_kinds.ts';
import type { Look } from './look.ts';

/** A little shorter than the server's word is good for. */
const SHOWN_MS = 9 * 60_000;
export type Use = 'show' | 'small' | 'large';
export function useShown(file: TalkFile, wanted: boolean, use: Use = 'show') {
  const { tenant } = useTalkStore().me;
  return useQuery({
    queryKey: ['file', tenant, file.id, use], enabled: wanted, staleTime: SHOWN_MS, gcTime: SHOWN_MS, retry: false,
    queryFn: async () => {
      const ticket = (as: Use) => call(tenant, 'file.ticket', { params: { stored: file.id }, body: { use: as } });
      try {
        return await ticket(use);
      } catch (e) {
        /* What moves is not for the phone app where it may have pictures of files alone: it is seen as one of them. */
        if (use === 'show' && isPicture(file) && made(file) && e instanceof ApiError && e.status === 403) return ticket('large');
        throw e;
      }
    },
  });
}

/** A larger one that the server made no picture of is loaded when somebody asks for it. */
const SEEN_BYTES = 8 * 1024 * 1024;
const made = (file: TalkFile): boolean => Boolean(file.width || file.pages);

/** The small picture of a photo or of a document's first page, where it stands among others. */
export const useSmall = (file: TalkFile, wanted: boolean) => useShown(file, wanted && (made(file) || (isPicture(file) && file.size <= SEEN_BYTES)), made(file) ? 'small' : 'show');
/** A photo over the screen. What moves is shown as it is. */
export const useLarge = (file: TalkFile, wanted: boolean) => useShown(file, wanted, isPicture(file) && made(file) && file.type !== 'image/gif' ? 'large' : 'show');

/** A page of a document, from 1. */
export function usePage(file: TalkFile, page: number, wanted: boolean) {
  const { tenant } = useTalkStore().me;
  return useQuery({
    queryKey: ['page', tenant, file.id, page], enabled: wanted, staleTime: SHOWN_MS, gcTime: SHOWN_MS, retry: false,
    queryFn: () => call(tenant, 'file.page', { params: { stored: file.id }, body: { page } }),
  });
}

/** It is seen with its member's mark alone: then nobody has it as it is. */
export function useMarked(file: TalkFile): boolean {
  const picture = useLarge(file, isPicture(file)), paper = useSmall(file, isPaper(file));
  return Boolean(isPicture(file) ? picture.data?.mark : isPaper(file) && paper.data?.mark);
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
