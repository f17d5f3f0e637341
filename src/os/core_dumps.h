#pragma once

namespace os {

// Forbids core dumps, which would contain keys, and tracing by other processes of the same user,
// which could read them. The hard limit is left alone, so that the soft one can be restored.
void forbid_core_dumps();

// Restores the limit, just before another program replaces this one. execve() itself lets the
// process be traced again.
void restore_core_limit();

}  // namespace os
