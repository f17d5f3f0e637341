#include "app/config/file_warnings.h"

#include "app/fixture.h"

namespace app {
namespace {

using Lines = std::vector<std::string>;

const std::string refuses = ": the AWS CLI refuses the whole file";

support::FakeMessages warned_of(std::string_view bytes,
                                const std::string& target = "session_token") {
  support::FakeMessages messages;
  warn_of_problems(aws::SharedFile(base::WipedString(bytes)), aws::FileKind::credentials, "FILE",
                   {&target, 1}, messages);
  return messages;
}

TEST(FileWarnings, NameTheLine) {
  EXPECT_EQ(warned_of("[a]\nk = 1\n").notes, Lines{});
  EXPECT_EQ(warned_of("[a]\nk = 1\n[a]\n").notes,
            Lines{"FILE, line 3: a section that is in the file already" + refuses});
  EXPECT_EQ(warned_of("[DEFAULT]\n").notes,
            Lines{"FILE, line 1: a section [DEFAULT]: the AWS CLI reads its keys into every "
                  "profile"});
}

TEST(FileWarnings, AreBounded) {
  const Lines first = {"FILE, line 2: a line that is neither a key nor a section" + refuses,
                       "FILE, line 3: a line that is neither a key nor a section" + refuses,
                       "FILE, line 4: a line that is neither a key nor a section" + refuses};
  EXPECT_EQ(warned_of("[a]\nw\nw\nw\n").notes, first);
  Lines four = first;
  four.push_back("FILE: 1 more such line");
  EXPECT_EQ(warned_of("[a]\nw\nw\nw\nw\n").notes, four);
  Lines many = first;
  many.push_back("FILE: 4997 more such lines");
  std::string bytes = "[a]\n";
  for (int i = 0; i < 5000; ++i) bytes += "w\n";
  EXPECT_EQ(warned_of(bytes).notes, many);
}

TEST(FileWarnings, OfMereDifferencesAreDetailsButInTheSectionInUse) {
  const std::string what = "a comment after a value: the AWS CLI reads it as part of the value";
  const std::string bytes = "[a]\nk = v # c\n[b]\nk = v # c\n[c]\n";
  EXPECT_EQ(warned_of(bytes, "b").notes, Lines{"FILE, line 4: " + what});
  EXPECT_EQ(warned_of(bytes, "b").details, Lines{"FILE, line 2: " + what});
  EXPECT_EQ(warned_of(bytes, "c").notes, Lines{});
  EXPECT_EQ(warned_of(bytes, "a").notes, Lines{"FILE, line 2: " + what});
}

// --- In the main job ---------------------------------------------------------------------------

TEST(FileWarnings, AreOfTheFileAsItWasWritten) {
  House house;
  std::string& file = house.files.contents[House::credentials];
  file = "[session_token]\n[session_token]\naws_session_token = t\n" + file + "word\n";
  house.files.contents[House::config] = "[plugins]\n[profile a]\n[profile a]\n";
  house.get(with_code(house.code()));
  // The section stands once now, and has seven keys.
  EXPECT_EQ(
      house.messages.notes,
      (Lines{"~/.aws/credentials, line 12: a line that is neither a key nor a section" + refuses,
             "~/.aws/config, line 3: a section that is in the file already" + refuses}));
  EXPECT_EQ(house.messages.details.back(),
            "~/.aws/config, line 1: a section [plugins]: version 1 of the AWS CLI loads code that "
            "it names");
}

TEST(FileWarnings, AreGivenWithAFailureThatTheyMayExplain) {
  House house;
  house.files.contents[House::credentials] = "[default\naws_access_key_id = A\n";
  EXPECT_NE(support::error_of([&] { house.get(with_code("123456")); }), "nothing was thrown");
  EXPECT_EQ(house.messages.notes,
            (Lines{"~/.aws/credentials, line 1: text before the first section" + refuses,
                   "~/.aws/credentials, line 2: text before the first section" + refuses}));
}

TEST(FileWarnings, AreNotGivenWhereTheUserIsAtFault) {
  House house;
  house.files.contents[House::config] = "word\n";
  GetRequest request = with_code(house.code());
  request.session.duration = "soon";
  EXPECT_NE(support::error_of([&] { house.get(request); }), "nothing was thrown");
  EXPECT_EQ(house.messages.notes, Lines{});
}

}  // namespace
}  // namespace app
