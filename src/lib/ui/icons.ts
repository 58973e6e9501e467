// The icons that definitions and screens call by name. A new one is a line here and in the map below.
import Activity from '@lucide/svelte/icons/activity';
import AlarmClock from '@lucide/svelte/icons/alarm-clock';
import AlignCenter from '@lucide/svelte/icons/align-center';
import AlignLeft from '@lucide/svelte/icons/align-left';
import AlignRight from '@lucide/svelte/icons/align-right';
import Archive from '@lucide/svelte/icons/archive';
import ArrowDown from '@lucide/svelte/icons/arrow-down';
import ArrowLeft from '@lucide/svelte/icons/arrow-left';
import ArrowRight from '@lucide/svelte/icons/arrow-right';
import ArrowRightLeft from '@lucide/svelte/icons/arrow-right-left';
import ArrowUp from '@lucide/svelte/icons/arrow-up';
import AtSign from '@lucide/svelte/icons/at-sign';
import BadgeCheck from '@lucide/svelte/icons/badge-check';
import BadgePercent from '@lucide/svelte/icons/badge-percent';
import Bell from '@lucide/svelte/icons/bell';
import BellOff from '@lucide/svelte/icons/bell-off';
import BetweenHorizontalStart from '@lucide/svelte/icons/between-horizontal-start';
import Bold from '@lucide/svelte/icons/bold';
import BookOpen from '@lucide/svelte/icons/book-open';
import BriefcaseBusiness from '@lucide/svelte/icons/briefcase-business';
import Building2 from '@lucide/svelte/icons/building-2';
import Cake from '@lucide/svelte/icons/cake';
import Calendar from '@lucide/svelte/icons/calendar';
import CalendarCheck from '@lucide/svelte/icons/calendar-check';
import CalendarClock from '@lucide/svelte/icons/calendar-clock';
import CalendarX from '@lucide/svelte/icons/calendar-x';
import ChartColumn from '@lucide/svelte/icons/chart-column';
import ChartPie from '@lucide/svelte/icons/chart-pie';
import Check from '@lucide/svelte/icons/check';
import ChevronDown from '@lucide/svelte/icons/chevron-down';
import ChevronLeft from '@lucide/svelte/icons/chevron-left';
import ChevronRight from '@lucide/svelte/icons/chevron-right';
import ChevronUp from '@lucide/svelte/icons/chevron-up';
import ChevronsUpDown from '@lucide/svelte/icons/chevrons-up-down';
import Circle from '@lucide/svelte/icons/circle';
import CircleAlert from '@lucide/svelte/icons/circle-alert';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import CircleHelp from '@lucide/svelte/icons/circle-help';
import CirclePause from '@lucide/svelte/icons/circle-pause';
import CirclePlay from '@lucide/svelte/icons/circle-play';
import CircleStop from '@lucide/svelte/icons/circle-stop';
import CircleX from '@lucide/svelte/icons/circle-x';
import ClipboardCheck from '@lucide/svelte/icons/clipboard-check';
import Clock from '@lucide/svelte/icons/clock';
import Code from '@lucide/svelte/icons/code';
import Coins from '@lucide/svelte/icons/coins';
import Columns3 from '@lucide/svelte/icons/columns-3';
import Copy from '@lucide/svelte/icons/copy';
import CornerUpLeft from '@lucide/svelte/icons/corner-up-left';
import CreditCard from '@lucide/svelte/icons/credit-card';
import Database from '@lucide/svelte/icons/database';
import Dices from '@lucide/svelte/icons/dices';
import Download from '@lucide/svelte/icons/download';
import Ellipsis from '@lucide/svelte/icons/ellipsis';
import ExternalLink from '@lucide/svelte/icons/external-link';
import Eye from '@lucide/svelte/icons/eye';
import EyeOff from '@lucide/svelte/icons/eye-off';
import File from '@lucide/svelte/icons/file';
import FilePen from '@lucide/svelte/icons/file-pen';
import FileText from '@lucide/svelte/icons/file-text';
import Flag from '@lucide/svelte/icons/flag';
import FlaskConical from '@lucide/svelte/icons/flask-conical';
import Funnel from '@lucide/svelte/icons/funnel';
import Gift from '@lucide/svelte/icons/gift';
import GitBranch from '@lucide/svelte/icons/git-branch';
import GitFork from '@lucide/svelte/icons/git-fork';
import GitMerge from '@lucide/svelte/icons/git-merge';
import Globe from '@lucide/svelte/icons/globe';
import GripVertical from '@lucide/svelte/icons/grip-vertical';
import HandCoins from '@lucide/svelte/icons/hand-coins';
import Handshake from '@lucide/svelte/icons/handshake';
import HardDrive from '@lucide/svelte/icons/hard-drive';
import Hash from '@lucide/svelte/icons/hash';
import Heading from '@lucide/svelte/icons/heading';
import Heart from '@lucide/svelte/icons/heart';
import History from '@lucide/svelte/icons/history';
import Hourglass from '@lucide/svelte/icons/hourglass';
import House from '@lucide/svelte/icons/house';
import Image from '@lucide/svelte/icons/image';
import Import from '@lucide/svelte/icons/import';
import Inbox from '@lucide/svelte/icons/inbox';
import Info from '@lucide/svelte/icons/info';
import Italic from '@lucide/svelte/icons/italic';
import Kanban from '@lucide/svelte/icons/kanban';
import KeyRound from '@lucide/svelte/icons/key-round';
import Languages from '@lucide/svelte/icons/languages';
import Laptop from '@lucide/svelte/icons/laptop';
import LayoutTemplate from '@lucide/svelte/icons/layout-template';
import Link from '@lucide/svelte/icons/link';
import List from '@lucide/svelte/icons/list';
import ListChecks from '@lucide/svelte/icons/list-checks';
import ListFilter from '@lucide/svelte/icons/list-filter';
import ListMinus from '@lucide/svelte/icons/list-minus';
import ListPlus from '@lucide/svelte/icons/list-plus';
import LoaderCircle from '@lucide/svelte/icons/loader-circle';
import Lock from '@lucide/svelte/icons/lock';
import LogIn from '@lucide/svelte/icons/log-in';
import LogOut from '@lucide/svelte/icons/log-out';
import Mail from '@lucide/svelte/icons/mail';
import MailCheck from '@lucide/svelte/icons/mail-check';
import MailOpen from '@lucide/svelte/icons/mail-open';
import MailPlus from '@lucide/svelte/icons/mail-plus';
import MailWarning from '@lucide/svelte/icons/mail-warning';
import MailX from '@lucide/svelte/icons/mail-x';
import MapIcon from '@lucide/svelte/icons/map';
import MapPin from '@lucide/svelte/icons/map-pin';
import Maximize from '@lucide/svelte/icons/maximize';
import Megaphone from '@lucide/svelte/icons/megaphone';
import Menu from '@lucide/svelte/icons/menu';
import MessageCircle from '@lucide/svelte/icons/message-circle';
import MessageSquare from '@lucide/svelte/icons/message-square';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import Milestone from '@lucide/svelte/icons/milestone';
import Minus from '@lucide/svelte/icons/minus';
import Monitor from '@lucide/svelte/icons/monitor';
import Moon from '@lucide/svelte/icons/moon';
import MousePointerClick from '@lucide/svelte/icons/mouse-pointer-click';
import MoveRight from '@lucide/svelte/icons/move-right';
import MoveVertical from '@lucide/svelte/icons/move-vertical';
import Network from '@lucide/svelte/icons/network';
import Package from '@lucide/svelte/icons/package';
import PackageCheck from '@lucide/svelte/icons/package-check';
import Palette from '@lucide/svelte/icons/palette';
import PanelLeftClose from '@lucide/svelte/icons/panel-left-close';
import PanelLeftOpen from '@lucide/svelte/icons/panel-left-open';
import PanelTop from '@lucide/svelte/icons/panel-top';
import Paperclip from '@lucide/svelte/icons/paperclip';
import PartyPopper from '@lucide/svelte/icons/party-popper';
import Pause from '@lucide/svelte/icons/pause';
import Pencil from '@lucide/svelte/icons/pencil';
import Percent from '@lucide/svelte/icons/percent';
import Phone from '@lucide/svelte/icons/phone';
import PhoneCall from '@lucide/svelte/icons/phone-call';
import PhoneIncoming from '@lucide/svelte/icons/phone-incoming';
import PhoneMissed from '@lucide/svelte/icons/phone-missed';
import PhoneOutgoing from '@lucide/svelte/icons/phone-outgoing';
import Play from '@lucide/svelte/icons/play';
import Plug from '@lucide/svelte/icons/plug';
import Plus from '@lucide/svelte/icons/plus';
import Power from '@lucide/svelte/icons/power';
import Puzzle from '@lucide/svelte/icons/puzzle';
import Receipt from '@lucide/svelte/icons/receipt';
import Redo2 from '@lucide/svelte/icons/redo-2';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import Repeat from '@lucide/svelte/icons/repeat';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import Route from '@lucide/svelte/icons/route';
import Save from '@lucide/svelte/icons/save';
import Search from '@lucide/svelte/icons/search';
import Send from '@lucide/svelte/icons/send';
import Server from '@lucide/svelte/icons/server';
import Settings from '@lucide/svelte/icons/settings';
import Share2 from '@lucide/svelte/icons/share-2';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import ShoppingBag from '@lucide/svelte/icons/shopping-bag';
import ShoppingCart from '@lucide/svelte/icons/shopping-cart';
import Shuffle from '@lucide/svelte/icons/shuffle';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import Smartphone from '@lucide/svelte/icons/smartphone';
import Sparkles from '@lucide/svelte/icons/sparkles';
import Split from '@lucide/svelte/icons/split';
import SquareCheck from '@lucide/svelte/icons/square-check';
import SquarePen from '@lucide/svelte/icons/square-pen';
import Star from '@lucide/svelte/icons/star';
import StickyNote from '@lucide/svelte/icons/sticky-note';
import Store from '@lucide/svelte/icons/store';
import Sun from '@lucide/svelte/icons/sun';
import Table from '@lucide/svelte/icons/table';
import Tag from '@lucide/svelte/icons/tag';
import Tags from '@lucide/svelte/icons/tags';
import Target from '@lucide/svelte/icons/target';
import Ticket from '@lucide/svelte/icons/ticket';
import TicketCheck from '@lucide/svelte/icons/ticket-check';
import TicketX from '@lucide/svelte/icons/ticket-x';
import Timer from '@lucide/svelte/icons/timer';
import Trash2 from '@lucide/svelte/icons/trash-2';
import TrendingUp from '@lucide/svelte/icons/trending-up';
import TriangleAlert from '@lucide/svelte/icons/triangle-alert';
import Trophy from '@lucide/svelte/icons/trophy';
import Undo2 from '@lucide/svelte/icons/undo-2';
import Unlink from '@lucide/svelte/icons/unlink';
import Upload from '@lucide/svelte/icons/upload';
import User from '@lucide/svelte/icons/user';
import UserCheck from '@lucide/svelte/icons/user-check';
import UserMinus from '@lucide/svelte/icons/user-minus';
import UserPen from '@lucide/svelte/icons/user-pen';
import UserPlus from '@lucide/svelte/icons/user-plus';
import UserRound from '@lucide/svelte/icons/user-round';
import UserX from '@lucide/svelte/icons/user-x';
import Users from '@lucide/svelte/icons/users';
import Variable from '@lucide/svelte/icons/variable';
import Video from '@lucide/svelte/icons/video';
import Wallet from '@lucide/svelte/icons/wallet';
import WalletCards from '@lucide/svelte/icons/wallet-cards';
import Waypoints from '@lucide/svelte/icons/waypoints';
import Webhook from '@lucide/svelte/icons/webhook';
import WifiOff from '@lucide/svelte/icons/wifi-off';
import Workflow from '@lucide/svelte/icons/workflow';
import Wrench from '@lucide/svelte/icons/wrench';
import X from '@lucide/svelte/icons/x';
import Zap from '@lucide/svelte/icons/zap';

export const icons = {
  activity: Activity,
  'alarm-clock': AlarmClock,
  'align-center': AlignCenter,
  'align-left': AlignLeft,
  'align-right': AlignRight,
  archive: Archive,
  'arrow-down': ArrowDown,
  'arrow-left': ArrowLeft,
  'arrow-right': ArrowRight,
  'arrow-right-left': ArrowRightLeft,
  'arrow-up': ArrowUp,
  'at-sign': AtSign,
  'badge-check': BadgeCheck,
  'badge-percent': BadgePercent,
  bell: Bell,
  'bell-off': BellOff,
  'between-horizontal-start': BetweenHorizontalStart,
  bold: Bold,
  'book-open': BookOpen,
  'briefcase-business': BriefcaseBusiness,
  'building-2': Building2,
  cake: Cake,
  calendar: Calendar,
  'calendar-check': CalendarCheck,
  'calendar-clock': CalendarClock,
  'calendar-x': CalendarX,
  'chart-column': ChartColumn,
  'chart-pie': ChartPie,
  check: Check,
  'chevron-down': ChevronDown,
  'chevron-left': ChevronLeft,
  'chevron-right': ChevronRight,
  'chevron-up': ChevronUp,
  'chevrons-up-down': ChevronsUpDown,
  circle: Circle,
  'circle-alert': CircleAlert,
  'circle-check': CircleCheck,
  'circle-dashed': CircleDashed,
  'circle-help': CircleHelp,
  'circle-pause': CirclePause,
  'circle-play': CirclePlay,
  'circle-stop': CircleStop,
  'circle-x': CircleX,
  'clipboard-check': ClipboardCheck,
  clock: Clock,
  code: Code,
  coins: Coins,
  'columns-3': Columns3,
  copy: Copy,
  'corner-up-left': CornerUpLeft,
  'credit-card': CreditCard,
  database: Database,
  dices: Dices,
  download: Download,
  ellipsis: Ellipsis,
  'external-link': ExternalLink,
  eye: Eye,
  'eye-off': EyeOff,
  file: File,
  'file-pen': FilePen,
  'file-text': FileText,
  flag: Flag,
  'flask-conical': FlaskConical,
  funnel: Funnel,
  gift: Gift,
  'git-branch': GitBranch,
  'git-fork': GitFork,
  'git-merge': GitMerge,
  globe: Globe,
  'grip-vertical': GripVertical,
  'hand-coins': HandCoins,
  handshake: Handshake,
  'hard-drive': HardDrive,
  hash: Hash,
  heading: Heading,
  heart: Heart,
  history: History,
  hourglass: Hourglass,
  house: House,
  image: Image,
  import: Import,
  inbox: Inbox,
  info: Info,
  italic: Italic,
  kanban: Kanban,
  'key-round': KeyRound,
  languages: Languages,
  laptop: Laptop,
  'layout-template': LayoutTemplate,
  link: Link,
  list: List,
  'list-checks': ListChecks,
  'list-filter': ListFilter,
  'list-minus': ListMinus,
  'list-plus': ListPlus,
  'loader-circle': LoaderCircle,
  lock: Lock,
  'log-in': LogIn,
  'log-out': LogOut,
  mail: Mail,
  'mail-check': MailCheck,
  'mail-open': MailOpen,
  'mail-plus': MailPlus,
  'mail-warning': MailWarning,
  'mail-x': MailX,
  map: MapIcon,
  'map-pin': MapPin,
  maximize: Maximize,
  megaphone: Megaphone,
  menu: Menu,
  'message-circle': MessageCircle,
  'message-square': MessageSquare,
  'messages-square': MessagesSquare,
  milestone: Milestone,
  minus: Minus,
  monitor: Monitor,
  moon: Moon,
  'mouse-pointer-click': MousePointerClick,
  'move-right': MoveRight,
  'move-vertical': MoveVertical,
  network: Network,
  package: Package,
  'package-check': PackageCheck,
  palette: Palette,
  'panel-left-close': PanelLeftClose,
  'panel-left-open': PanelLeftOpen,
  'panel-top': PanelTop,
  paperclip: Paperclip,
  'party-popper': PartyPopper,
  pause: Pause,
  pencil: Pencil,
  percent: Percent,
  phone: Phone,
  'phone-call': PhoneCall,
  'phone-incoming': PhoneIncoming,
  'phone-missed': PhoneMissed,
  'phone-outgoing': PhoneOutgoing,
  play: Play,
  plug: Plug,
  plus: Plus,
  power: Power,
  puzzle: Puzzle,
  receipt: Receipt,
  'redo-2': Redo2,
  'refresh-cw': RefreshCw,
  repeat: Repeat,
  'rotate-ccw': RotateCcw,
  route: Route,
  save: Save,
  search: Search,
  send: Send,
  server: Server,
  settings: Settings,
  'share-2': Share2,
  'shield-check': ShieldCheck,
  'shopping-bag': ShoppingBag,
  'shopping-cart': ShoppingCart,
  shuffle: Shuffle,
  'sliders-horizontal': SlidersHorizontal,
  smartphone: Smartphone,
  sparkles: Sparkles,
  split: Split,
  'square-check': SquareCheck,
  'square-pen': SquarePen,
  star: Star,
  'sticky-note': StickyNote,
  store: Store,
  sun: Sun,
  table: Table,
  tag: Tag,
  tags: Tags,
  target: Target,
  ticket: Ticket,
  'ticket-check': TicketCheck,
  'ticket-x': TicketX,
  timer: Timer,
  'trash-2': Trash2,
  'trending-up': TrendingUp,
  'triangle-alert': TriangleAlert,
  trophy: Trophy,
  'undo-2': Undo2,
  unlink: Unlink,
  upload: Upload,
  user: User,
  'user-check': UserCheck,
  'user-minus': UserMinus,
  'user-pen': UserPen,
  'user-plus': UserPlus,
  'user-round': UserRound,
  'user-x': UserX,
  users: Users,
  variable: Variable,
  video: Video,
  wallet: Wallet,
  'wallet-cards': WalletCards,
  waypoints: Waypoints,
  webhook: Webhook,
  'wifi-off': WifiOff,
  workflow: Workflow,
  wrench: Wrench,
  x: X,
  zap: Zap
};

export type IconName = keyof typeof icons;

export function isIconName(name: string): name is IconName {
  return Object.hasOwn(icons, name);
}
