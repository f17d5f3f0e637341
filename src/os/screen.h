#pragma once

namespace os {

// Whether what is written to the descriptor is seen on a terminal that understands colours and
// moves of the cursor: not with NO_COLOR (no-color.org) nor with TERM=dumb.
bool is_screen(int descriptor);
int screen_columns(int descriptor);  // 80 where it does not tell

}  // namespace os
