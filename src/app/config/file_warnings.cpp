#include "app/config/file_warnings.h"

#include <algorithm>
#include <fmt/core.h>
#include <vector>

namespace app {
namespace {

constexpr std::size_t told_at_most = 3;

bool is_within(std::size_t line_from_1, const aws::SharedFile& shared,
               std::span<const std::string> sections) {
  return std::any_of(shared.sections().begin(), shared.sections().end(), [&](const auto& s) {
    return line_from_1 > s.line && line_from_1 <= s.line + s.line_count &&
           std::find(sections.begin(), sections.end(), s.name) != sections.end();
  });
}

template <typename Tell>
void tell(const std::vector<aws::FileProblem>& problems, const std::string& file, Tell say) {
  const std::size_t told = std::min(problems.size(), told_at_most);
  for (std::size_t i = 0; i < told; ++i) {
    say(fmt::format("{}, line {}: {}", file, problems[i].line, problems[i].what));
  }
  if (const std::size_t more = problems.size() - told; more > 0) {
    say(fmt::format("{}: {} more such {}", file, more, more == 1 ? "line" : "lines"));
  }
}

}  // namespace

void warn_of_problems(const aws::SharedFile& shared, aws::FileKind kind, const std::string& file,
                      std::span<const std::string> targets, os::Messages& messages) {
  std::vector<aws::FileProblem> notes;
  std::vector<aws::FileProblem> details;
  for (const aws::FileProblem& problem : aws::problems(shared, kind)) {
    const bool matters =
        problem.harm != aws::Harm::differs || is_within(problem.line, shared, targets);
    (matters ? notes : details).push_back(problem);
  }
  // The worst first.
  std::stable_partition(notes.begin(), notes.end(), [](const aws::FileProblem& problem) {
    return problem.harm == aws::Harm::refused;
  });
  tell(notes, file, [&](const std::string& line) { messages.note(line); });
  tell(details, file, [&](const std::string& line) { messages.detail(line); });
}

}  // namespace app
