/*! The icons are Octicons, Copyright (c) GitHub Inc., under the MIT licence: https://github.com/primer/octicons/blob/main/LICENSE */
import alert from "@primer/octicons/build/svg/alert-fill-16.svg";
import bookmark from "@primer/octicons/build/svg/bookmark-16.svg";
import slash from "@primer/octicons/build/svg/circle-slash-16.svg";
import clock from "@primer/octicons/build/svg/clock-16.svg";
import columns from "@primer/octicons/build/svg/columns-16.svg";
import copy from "@primer/octicons/build/svg/copy-16.svg";
import dash from "@primer/octicons/build/svg/dash-16.svg";
import dot from "@primer/octicons/build/svg/dot-fill-16.svg";
import download from "@primer/octicons/build/svg/download-16.svg";
import filter from "@primer/octicons/build/svg/filter-16.svg";
import hourglass from "@primer/octicons/build/svg/hourglass-16.svg";
import moon from "@primer/octicons/build/svg/moon-16.svg";
import paused from "@primer/octicons/build/svg/pause-16.svg";
import pulse from "@primer/octicons/build/svg/pulse-16.svg";
import question from "@primer/octicons/build/svg/question-16.svg";
import x from "@primer/octicons/build/svg/x-16.svg";
import failed from "@primer/octicons/build/svg/x-circle-fill-16.svg";
import { raw } from "hono/html";

/** The console's icons: Octicons by GitHub, under the MIT licence. */
const ICONS = {
  alert,
  bookmark,
  clock,
  columns,
  copy,
  dash,
  dot,
  download,
  failed,
  filter,
  hourglass,
  moon,
  paused,
  pulse,
  question,
  slash,
  x,
} as const;

export type IconName = keyof typeof ICONS;

/** A drawing beside words with the same meaning. Screen readers do not see it. */
export const Icon = ({ name }: { name: IconName }) =>
  raw(ICONS[name].replace("<svg", '<svg class="icon" aria-hidden="true"'));
