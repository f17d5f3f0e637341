#pragma once

namespace os {

// Whether what is written to the descriptor appears on a terminal that understands colors and
// cursor movements. Not with NO_COLOR (no-color.org) or TERM=dumb.
bool is_screen(int descriptor);
int screen_columns(int descriptor);  // 80 where that is unknown

}  // namespace os
