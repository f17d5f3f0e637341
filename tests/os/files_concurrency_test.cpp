#include "aws/files/session_profile.h"
#include "aws/files/shared_file.h"
#include "aws/files/shared_file_check.h"
#include "files_fixture.h"

#include <cstdlib>
#include <deque>
#include <fmt/ranges.h>
#include <unistd.h>

// Many processes at one file, by the path that `get` takes: os::Files with the edits of aws. A
// profile's number of edits so far stands in it, so that a lost edit is one that is missing there.

namespace os {
namespace {

using base::WipedString;
using support::Child;
using support::read_file;
using support::write_file;

constexpr int process_count = 64;
constexpr int rounds = 4;
constexpr int bystanders = 20;

struct FilesConcurrency : FilesTest {
  void SetUp() override {
    std::string text = "# mine\n";
    for (int i = 0; i < bystanders; ++i) {
      text += fmt::format("[bystander-{}]\naws_secret_access_key = {}\nedits = 1\n\n", i, i);
    }
    write_file(file, text);
    std::filesystem::permissions(file, std::filesystem::perms(0600));
  }

  static std::string edits_of(const aws::SharedFile& parsed, const std::string& name) {
    for (const aws::Section& section : parsed.sections()) {
      if (section.name != name) continue;
      if (const auto edits = section.find("edits")) return std::string(edits->value);
    }
    return "0";
  }
  void count_one_edit(const std::string& profile) {
    files.update(file, [&](const WipedString& bytes) {
      const aws::SharedFile parsed{bytes};
      aws::SectionEdit edit;
      edit.profile = profile;
      const int edits = std::stoi(edits_of(parsed, profile)) + 1;
      edit.set.emplace_back("aws_session_token", WipedString(3000, 'x'));
      edit.set.emplace_back("edits", WipedString(std::to_string(edits).c_str()));
      return aws::edited(parsed, aws::FileKind::credentials, {&edit, 1});
    });
  }

  // Empty when the bytes are a whole file that holds the bystanders and all the profiles that were
  // there before.
  static std::string fault_of(const WipedString& bytes, std::set<std::string>& before) {
    const aws::SharedFile parsed{bytes};
    std::set<std::string> now;
    for (const aws::Section& section : parsed.sections()) now.emplace(section.name);
    const auto problems = aws::problems(parsed, aws::FileKind::credentials);
    if (!problems.empty()) return std::string(problems.front().what);
    if (!bytes.starts_with("# mine\n") || !bytes.ends_with('\n')) return "torn";
    for (int i = 0; i < bystanders; ++i) {
      if (edits_of(parsed, fmt::format("bystander-{}", i)) != "1") return "a bystander is lost";
    }
    for (const std::string& name : before) {
      // The AWS CLI may undo an edit of ours.
      if (!now.contains(name) && !name.starts_with("undone-")) return name + " is lost";
    }
    before = std::move(now);
    return "";
  }
  // Reads until it is told to stop, as other programs do or as ours does; the number of reads.
  std::string read_on(bool with_lease, const std::string& stop) {
    std::set<std::string> before;
    int reads = 0;
    for (bool last = false; !last; ++reads) {
      last = std::filesystem::exists(stop);
      const WipedString bytes = with_lease ? files.read(file).value_or(WipedString())
                                           : WipedString(read_file(file).c_str());
      if (const std::string fault = fault_of(bytes, before); !fault.empty()) return fault;
    }
    return std::to_string(reads);
  }

  // Each process edits `rounds` times; `name_of` says which profile.
  void run(const std::function<std::string(int)>& name_of) {
    const std::string stop = folder / "stop";
    std::deque<Child> readers;
    for (const bool with_lease : {true, false}) {
      readers.emplace_back([&, with_lease] { return read_on(with_lease, stop); });
    }
    std::deque<Child> writers;
    for (int i = 0; i < process_count; ++i) {
      writers.emplace_back([&, i]() -> std::string {
        for (int round = 0; round < rounds; ++round) count_one_edit(name_of(i));
        return "done";
      });
    }
    for (Child& writer : writers) EXPECT_EQ(writer.wait(), "done");
    write_file(stop, "");
    int reads = 0;
    for (Child& reader : readers) {
      const std::string said = reader.wait();
      EXPECT_EQ(said.find_first_not_of("0123456789"), std::string::npos) << said;
      reads += std::atoi(said.c_str());
    }
    const aws::SharedFile parsed{WipedString(read_file(file).c_str())};
    std::set<std::string> names;
    int found = 0;
    for (int i = 0; i < process_count; ++i) {
      if (names.insert(name_of(i)).second) found += std::stoi(edits_of(parsed, name_of(i)));
    }
    std::printf("%d processes, %d edits of %zu profiles: %d lost; %d reads, none torn\n",
                process_count, process_count * rounds, names.size(), process_count * rounds - found,
                reads);
    EXPECT_EQ(found, process_count * rounds);
    EXPECT_EQ(parsed.sections().size(), bystanders + names.size());
    EXPECT_EQ(folder.names(), (std::set<std::string>{"credentials", "stop"}));
  }
};

TEST_F(FilesConcurrency, LosesNothingAmong64WritersOfDifferentProfiles) {
  run([](int i) { return fmt::format("session-{}", i); });
}

TEST_F(FilesConcurrency, LosesNothingAmong64WritersOfOneProfile) {
  run([](int) { return std::string("session_token"); });
}

// `aws configure set` reads the file, truncates it and writes it anew, without any lock. What is
// guaranteed where there are leases: none of its edits and nobody else's profile is lost by us.
// When it opens the file for writing before we look, the lease is refused and we read what it
// wrote; when it does so while we work, it waits and we give way; when it does so later, it opens
// our file. What cannot be guaranteed: it writes back what it had read, and so undoes what we wrote
// since. Those are counted. Its processes run one after the other: two of them at once tear the
// file by themselves.
TEST_F(FilesConcurrency, LosesNoEditOfTheAwsCliNorAnyOtherProfile) {
  constexpr const char* program = "/usr/bin/aws";
  constexpr int its_edits = 10;
  constexpr int our_processes = 4;
  if (access(program, X_OK) != 0) GTEST_SKIP() << "SKIPPED: the AWS CLI is not installed";
  std::string text = read_file(file);
  // What is there already is written anew with the whole file; a new profile it appends.
  for (int i = 0; i < its_edits; i += 2) text += fmt::format("[cli-{}]\nregion = x\n", i);
  write_file(file, text);
  const std::string stop = folder / "stop";
  Child reader([&] { return read_on(true, stop); });
  std::deque<Child> writers;
  for (int i = 0; i < our_processes; ++i) {
    writers.emplace_back([&, i]() -> std::string {
      int edits = 0;
      for (; !std::filesystem::exists(stop); ++edits) count_one_edit(fmt::format("undone-{}", i));
      return std::to_string(edits);
    });
  }
  for (int i = 0; i < its_edits; ++i) {
    const std::string command = fmt::format(
        "HOME={} AWS_SHARED_CREDENTIALS_FILE={} {} configure set aws_access_key_id {} --profile "
        "cli-{}",
        folder.path().string(), file, program, i, i);
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
  }
  write_file(stop, "");
  int ours = 0;
  for (Child& writer : writers) {
    const std::string said = writer.wait();
    EXPECT_EQ(said.find_first_not_of("0123456789"), std::string::npos) << said;
    ours += std::atoi(said.c_str());
  }
  const std::string reads = reader.wait();
  EXPECT_EQ(reads.find_first_not_of("0123456789"), std::string::npos) << reads;

  const aws::SharedFile parsed{WipedString(read_file(file).c_str())};
  int its_found = 0;
  for (const aws::Section& section : parsed.sections()) {
    const auto key = section.find("aws_access_key_id");
    its_found += section.name.starts_with("cli-") && key &&
                 section.name == fmt::format("cli-{}", key->value);
  }
  int ours_found = 0;
  for (int i = 0; i < our_processes; ++i) {
    ours_found += std::stoi(edits_of(parsed, fmt::format("undone-{}", i)));
  }
  std::set<std::string> nothing_before;
  EXPECT_EQ(fault_of(parsed.bytes(), nothing_before), "");
  EXPECT_EQ(its_found, its_edits);
  EXPECT_GT(ours, 0);
  std::printf(
      "%d edits of the AWS CLI: %d lost; %d edits of ours: %d undone by it; %s reads, none torn\n",
      its_edits, its_edits - its_found, ours, ours - ours_found, reads.c_str());
}

}  // namespace
}  // namespace os
