// An update of the shared credentials file beside its floor: what `cp`, fsync and `mv` of the same
// file cost, by the system calls that these make and without the start of a process. The two take
// turns in one run, on one file system.

#include "aws/files/shared_file.h"
#include "base/error.h"
#include "os/descriptor.h"
#include "os/files.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fmt/core.h>
#include <fstream>
#include <stdlib.h>
#include <unistd.h>
#include <vector>

namespace {

int runs = 41;

std::string file_of(int profiles) {
  std::string text = "# A credentials file as people keep it\n";
  for (int i = 0; i < profiles; ++i) {
    text += fmt::format(
        "\n[profile-{0}]\n# of account {0}\naws_access_key_id = ASIAIOSFODNN7{0:07}\n"
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY{0:010}\n"
        "aws_session_token = {1}\nregion = eu-west-1\n",
        i, std::string(400, 'T'));
  }
  return text;
}

double milliseconds(const std::function<void()>& action) {
  const auto begin = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
      .count();
}

double median(std::vector<double> times) {
  std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
  return times[times.size() / 2];
}

void require(bool worked, const char* what) {
  if (!worked) throw base::Error(base::ErrorKind::failed, fmt::format("cannot {}", what));
}

void copy_and_move(const std::string& file) {
  const std::string copy = file + ".copy";
  const os::Descriptor from(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  const os::Descriptor to(open(copy.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  require(from && to, "open the files");
  std::vector<char> buffer(std::size_t{128} * 1024);  // as cp does
  for (ssize_t count; (count = read(from.get(), buffer.data(), buffer.size())) > 0;) {
    require(write(to.get(), buffer.data(), static_cast<std::size_t>(count)) == count, "write");
  }
  require(fsync(to.get()) == 0 && rename(copy.c_str(), file.c_str()) == 0, "replace");
}

void update(os::Files& files, const std::string& file, int profiles, int run) {
  aws::SectionEdit edit;
  edit.profile = fmt::format("profile-{}", profiles / 2);
  edit.set = {{"aws_access_key_id", "ASIAIOSFODNN7EXAMPLE"},
              {"aws_secret_access_key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"},
              {"aws_session_token", base::WipedString(400, static_cast<char>('A' + run % 26))}};
  files.update(file, [&](base::WipedString bytes) {
    return aws::edited(aws::SharedFile(std::move(bytes)), aws::FileKind::credentials, {&edit, 1});
  });
}

void measure(os::Files& files, const std::string& folder, int profiles) {
  const std::string ours = folder + "/credentials";
  const std::string floor = folder + "/floor";
  const std::string text = file_of(profiles);
  for (const std::string& path : {ours, floor}) {
    std::ofstream(path, std::ios::binary) << text;
    std::filesystem::permissions(path, std::filesystem::perms(0600));
  }
  std::vector<double> our_times;
  std::vector<double> floor_times;
  for (int run = 0; run < runs; ++run) {
    // In turns, and each first as often as the other.
    const auto time_ours = [&] {
      our_times.push_back(milliseconds([&] { update(files, ours, profiles, run); }));
    };
    if (run % 2 == 0) time_ours();
    floor_times.push_back(milliseconds([&] { copy_and_move(floor); }));
    if (run % 2 != 0) time_ours();
  }
  const double our = median(our_times);
  const double least = median(floor_times);
  const double limit = 1.5 * least + 2;
  std::printf("%8d %8.0f kB %11.2f %11.2f %7.2f %14.2f  %s\n", profiles,
              static_cast<double>(text.size()) / 1000, our, least, our / least, limit,
              our <= limit ? "met" : "MISSED");
}

}  // namespace

int main(int argc, char** argv) try {
  const std::string base = argc > 1 ? argv[1] : std::filesystem::temp_directory_path();
  if (argc > 2) runs = std::atoi(argv[2]);
  std::string folder = base + "/bench-update-XXXXXX";
  require(mkdtemp(folder.data()) != nullptr, "make a folder");
  const os::Interrupt interrupt;
  os::SystemFiles files(interrupt);
  fmt::print("median of {} runs in {}, in turns; limit: 1.5 times the floor + 2 ms\n", runs, base);
  fmt::print("{:>8} {:>11} {:>11} {:>11} {:>7} {:>14}\n", "profiles", "size", "update ms",
             "floor ms", "ratio", "limit ms");
  for (const int profiles : {10, 1'000, 10'000}) measure(files, folder, profiles);
  std::filesystem::remove_all(folder);
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "bench_update: {}\n", error.what());
  return 1;
}
