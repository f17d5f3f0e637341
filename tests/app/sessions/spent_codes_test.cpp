#include "app/sessions/spent_codes.h"

#include "support/doors.h"
#include "support/error.h"
#include "support/fakes.h"

#include <gtest/gtest.h>

namespace app {
namespace {

using support::error_of;
using namespace std::chrono_literals;

// The two clocks of a machine; either can be set.
struct Clocks : os::Clock {
  base::Seconds system{1'800'000'000};
  std::chrono::milliseconds since_boot = 100'000s;

  base::Time now() override { return base::Time(system); }
  std::chrono::milliseconds monotonic() override { return since_boot; }
  void sleep(std::chrono::milliseconds) override {}
  void pass(base::Seconds time) {
    system += time;
    since_boot += time;
  }
};

constexpr const char* folder = "/home/u/.cache/aws-session-token";
constexpr const char* ledger = "/home/u/.cache/aws-session-token/spent-codes";
constexpr const char* other_ledger = "/dev/shm/aws-session-token-1000/spent-codes";
constexpr const char* device = "arn:aws:iam::123456789012:mfa/jsmith";

class SpentCodesTest : public testing::Test {
 protected:
  // As another process of the user.
  bool enter(const std::string& code = "123456", const std::string& serial_number = device,
             const std::string& in = folder) {
    return SpentCodes(files_, random_, clocks_, in).enter(serial_number, code);
  }
  void take_back() { SpentCodes(files_, random_, clocks_, folder).take_back(device, "123456"); }

  support::FakeFiles files_;
  support::FakeRandom random_;
  Clocks clocks_;
};

TEST_F(SpentCodesTest, ACodeIsFreshOnceForEachDevice) {
  EXPECT_TRUE(enter());
  EXPECT_FALSE(enter());
  EXPECT_TRUE(enter("654321"));
  EXPECT_TRUE(enter("123456", "GAHT12345678"));
}

TEST_F(SpentCodesTest, TheCodesAreNotInTheFile) {
  enter();
  EXPECT_EQ(files_.contents[ledger].find("123456"), std::string::npos);
}

TEST_F(SpentCodesTest, AreForgottenAfterThreeMinutes) {
  enter();
  clocks_.pass(179s);
  EXPECT_FALSE(enter());
  clocks_.pass(1s);
  EXPECT_TRUE(enter());
}

TEST_F(SpentCodesTest, ADeviceIsTheSameInOtherCase) {
  enter("123456", "GAHT12345678");
  EXPECT_FALSE(enter("123456", "gaht12345678"));
}

TEST_F(SpentCodesTest, AClockThatIsSetForgetsNothing) {
  for (const base::Seconds jump : {base::Seconds{-3600}, base::Seconds{3600}}) {
    enter();
    clocks_.system += jump;
    EXPECT_FALSE(enter()) << jump.count();
    enter("654321");  // writes the file
    clocks_.system -= jump;
    EXPECT_FALSE(enter()) << jump.count();
  }
}

TEST_F(SpentCodesTest, AnotherProcessWhoseClockIsBehindErasesNothing) {
  enter();
  clocks_.system -= 20s;
  enter("654321");
  clocks_.system += 20s;
  EXPECT_FALSE(enter());
}

TEST_F(SpentCodesTest, ARebootForgetsNothing) {
  enter();
  clocks_.since_boot = 30s;
  clocks_.system += 60s;
  EXPECT_FALSE(enter());
}

TEST_F(SpentCodesTest, ACodeThatWasNotSentIsFreshAgain) {
  enter();
  take_back();
  EXPECT_TRUE(enter());
}

TEST_F(SpentCodesTest, AreInASecondPlaceWhereTheFirstCannotBeWritten) {
  files_.full = ledger;
  EXPECT_TRUE(enter());
  EXPECT_TRUE(files_.contents.contains(other_ledger));
  EXPECT_FALSE(enter());
  files_.full.clear();
  EXPECT_FALSE(enter());  // what is recorded in either counts
  EXPECT_TRUE(enter("654321"));
  files_.full = ledger;
  EXPECT_FALSE(enter("654321"));
}

TEST_F(SpentCodesTest, AreInTheSecondPlaceWhereThereIsNoStateFolder) {
  EXPECT_TRUE(enter("123456", device, ""));
  EXPECT_FALSE(enter("123456", device, ""));
}

TEST_F(SpentCodesTest, ARecordThatCannotBeReadRefusesTheCode) {
  enter();
  files_.unreadable = ledger;
  EXPECT_EQ(error_of([&] { enter("654321"); }),
            std::string("1 the MFA code was not sent, since it cannot be recorded as used: "
                        "permission denied\nhint: the code is not spent; codes of the last minutes "
                        "are recorded in ") +
                ledger);
  files_.unreadable.clear();
  EXPECT_TRUE(enter("654321"));
}

TEST_F(SpentCodesTest, ARecordThatIsDamagedRefusesTheCode) {
  files_.contents[ledger] = "garbage\n";
  EXPECT_TRUE(error_of([&] { enter(); }).starts_with("1 the MFA code was not sent"));
}

TEST_F(SpentCodesTest, ARecordThatIsLockedRefusesTheCode) {
  files_.full = ledger;  // as after a wait for the lock
  files_.before_lock = [] { return false; };
  EXPECT_TRUE(error_of([&] { enter(); }).starts_with("1 the MFA code was not sent"));
  EXPECT_FALSE(files_.contents.contains(other_ledger));
}

TEST_F(SpentCodesTest, ARecordThatCanOnlyBeReadRefusesTheCodeWithoutASecondPlace) {
  enter();
  files_.full = ledger;
  files_.temporary_folder.clear();
  EXPECT_FALSE(enter());
  EXPECT_TRUE(error_of([&] { enter("654321"); }).starts_with("1 the MFA code was not sent"));
}

TEST_F(SpentCodesTest, WithoutAPlaceForARecordTheCodeIsFresh) {
  files_.temporary_folder.clear();
  EXPECT_TRUE(enter("123456", device, ""));
}

}  // namespace
}  // namespace app
