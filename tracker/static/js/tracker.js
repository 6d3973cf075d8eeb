// The page's script: every part finds its own elements by data- attributes, and does nothing where there are none.
// All pages work without it; see each module for what it adds.

import { startAutosave } from "./autosave.js";
import { startBoards } from "./board.js";
import { startDays } from "./days.js";
import { startDialogs } from "./dialogs.js";
import { startFiles } from "./files.js";
import { startForms } from "./forms.js";
import { startKits } from "./kit.js";
import { startMenus } from "./menus.js";
import { startRooms } from "./rooms.js";
import { startRows } from "./rows.js";
import { startThemes } from "./themes.js";

startThemes();
startMenus();
startDialogs();
startForms();
startRows();
startFiles();
startAutosave();
startBoards();
startDays();
startKits();
startRooms();
