#include "os/descendants.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace os {
namespace {

// Whether /proc/PID/stat describes a child of ours in our session.
bool is_ours(const std::string& pid) {
  std::FILE* const file = std::fopen(fmt::format("/proc/{}/stat", pid).c_str(), "re");
  if (file == nullptr) return false;
  char line[1024] = {};
  const bool read = std::fgets(line, sizeof line, file) != nullptr;
  std::fclose(file);
  // The name in parentheses before these fields may contain anything.
  const char* const fields = read ? std::strrchr(line, ')') : nullptr;
  char state = 0;
  long parent = 0, group = 0, session = 0;
  return fields != nullptr &&
         std::sscanf(fields, ") %c %ld %ld %ld", &state, &parent, &group, &session) == 4 &&
         parent == getpid() && session == getsid(0);
}

std::vector<pid_t> children() {
  std::vector<pid_t> result;
  DIR* const folder = opendir("/proc");
  if (folder == nullptr) return result;
  while (const dirent* entry = readdir(folder)) {
    const int pid = std::atoi(entry->d_name);
    if (pid > 0 && is_ours(entry->d_name)) result.push_back(pid);
  }
  closedir(folder);
  return result;
}

}  // namespace

Descendants::Descendants() { prctl(PR_SET_CHILD_SUBREAPER, 1); }

Descendants::~Descendants() {
  constexpr int patient_rounds = 20;  // of 50 ms, for those that clean up at SIGTERM
  constexpr int max_rounds = 40;
  for (int round = 0; round < max_rounds; ++round) {
    const std::vector<pid_t> left = children();
    if (left.empty()) break;
    const int signal = round < patient_rounds ? SIGTERM : SIGKILL;
    bool any_alive = false;
    for (const pid_t child : left) {
      if (waitpid(child, nullptr, WNOHANG) == child) continue;
      any_alive = true;
      if (round == 0 || signal == SIGKILL) kill(child, signal);
    }
    if (any_alive) poll(nullptr, 0, round == 0 ? 1 : 50);
  }
  prctl(PR_SET_CHILD_SUBREAPER, 0);
}

}  // namespace os
