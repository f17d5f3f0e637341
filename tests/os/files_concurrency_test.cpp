#include "aws/session_profile.h"
#include "aws/shared_file.h"
#include "files_fixture.h"

#include <deque>
#include <fmt/ranges.h>
#include <map>

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

using Profiles = std::map<std::string, std::string>;  // name: how often it was edited

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
      const aws::Property* edits = section.name == name ? section.find("edits") : nullptr;
      if (edits != nullptr) return std::string(edits->value);
    }
    return "0";
  }
  void count_one_edit(const std::string& profile) {
    files.update(file, [&](const WipedString& bytes) {
      const aws::SharedFile parsed{bytes};
      aws::SectionEdit edit;
      edit.section = profile;
      const int edits = std::stoi(edits_of(parsed, profile)) + 1;
      edit.set.emplace_back("aws_session_token", WipedString(3000, 'x'));
      edit.set.emplace_back("edits", WipedString(std::to_string(edits).c_str()));
      return aws::edited(parsed, {&edit, 1});
    });
  }

  // Empty when the bytes are a whole file that holds the bystanders and all the profiles that were
  // there before.
  static std::string fault_of(const WipedString& bytes, std::set<std::string>& before) {
    const aws::SharedFile parsed{bytes};
    std::set<std::string> now;
    for (const aws::Section& section : parsed.sections()) now.emplace(section.name);
    if (!parsed.problems().empty()) return parsed.problems().front().what;
    if (!bytes.starts_with("# mine\n") || !bytes.ends_with('\n')) return "torn";
    for (int i = 0; i < bystanders; ++i) {
      if (edits_of(parsed, fmt::format("bystander-{}", i)) != "1") return "a bystander is lost";
    }
    for (const std::string& name : before) {
      if (!now.contains(name)) return name + " is lost";
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

}  // namespace
}  // namespace os
