// Every icon of the product, by the name of its use. Stroke 1.6 at 24 px, 1.8 at 20, 2 at 16.
import {
  IconAlertCircle, IconArrowBackUp, IconArrowForwardUp, IconArrowsExchange, IconArrowsMove, IconBell, IconBellOff, IconBookmark, IconCheck, IconChevronDown, IconChevronLeft,
  IconChevronRight, IconChevronUp, IconClock, IconDots, IconDownload, IconEye, IconEyeOff, IconFile, IconFolders, IconHighlight, IconLogout, IconMaximize, IconMenu2, IconMessage,
  IconMessageCircle, IconMoodSmile, IconPinFilled, IconPlayerPlay, IconPlus, IconRotateClockwise, IconSearch, IconSend, IconSettings, IconShieldCog, IconUsers, IconX, IconZoomIn,
  IconZoomOut, type Icon,
} from '@tabler/icons-react';

const strokeOf = (size: number): number => (size >= 24 ? 1.6 : size >= 20 ? 1.8 : 2);

const make = (Source: Icon) => function EngawaIcon({ size = 24 }: { size?: number }) {
  return <Source size={size} stroke={strokeOf(size)} aria-hidden focusable="false" />;
};

export const AddIcon = make(IconPlus);
export const AlertIcon = make(IconAlertCircle);
export const BackIcon = make(IconChevronLeft);
export const ClockIcon = make(IconClock);
export const CloseIcon = make(IconX);
export const ConsoleIcon = make(IconShieldCog);
export const DoneIcon = make(IconCheck);
export const DownIcon = make(IconChevronDown);
export const FitIcon = make(IconMaximize);
export const FileIcon = make(IconFile);
export const FolderIcon = make(IconFolders);
export const ForwardIcon = make(IconArrowForwardUp);
export const HideIcon = make(IconEyeOff);
export const LogoutIcon = make(IconLogout);
export const KeptIcon = make(IconBookmark);
export const KeywordIcon = make(IconHighlight);
export const MembersIcon = make(IconUsers);
export const MenuIcon = make(IconMenu2);
export const MoreIcon = make(IconDots);
export const MutedIcon = make(IconBellOff);
export const NoticeIcon = make(IconBell);
export const MoveIcon = make(IconArrowsMove);
export const PinIcon = make(IconPinFilled);
export const PlayIcon = make(IconPlayerPlay);
export const ReplyIcon = make(IconArrowBackUp);
export const RightIcon = make(IconChevronRight);
export const SaveIcon = make(IconDownload);
export const SearchIcon = make(IconSearch);
export const SendIcon = make(IconSend);
export const SettingsIcon = make(IconSettings);
export const ShowIcon = make(IconEye);
export const StampIcon = make(IconMoodSmile);
export const SwitchIcon = make(IconArrowsExchange);
export const TalkIcon = make(IconMessageCircle);
export const ToMessageIcon = make(IconMessage);
export const TurnIcon = make(IconRotateClockwise);
export const UpIcon = make(IconChevronUp);
export const ZoomInIcon = make(IconZoomIn);
export const ZoomOutIcon = make(IconZoomOut);

/** The mark of Engawa: a gable roof, two posts, two planks, drawn in one 2 px stroke on a grid of 32 px. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false">
      <path d="M5 14.5 16 6.5l11 8M9 13v10M23 13v10M4 23h24M6 27h20" />
    </svg>
  );
}
