#include "base/time.h"

#include <gtest/gtest.h>
#include <string>

namespace base {
namespace {

// date -u -d 2026-11-22T18:20:00Z +%s
constexpr Time moment{Seconds{1'795'371'600}};

TEST(Time, IsWrittenInEachForm) {
  EXPECT_EQ(format_rfc3339(moment), "2026-11-22T18:20:00Z");
  EXPECT_EQ(format_iso_basic(moment), "20261122T182000Z");
  EXPECT_EQ(format_http_date(moment), "Sun, 22 Nov 2026 18:20:00 GMT");
}

TEST(Time, IsWrittenWithLeadingZeros) {
  constexpr Time early{Seconds{0}};
  EXPECT_EQ(format_rfc3339(early), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_iso_basic(early), "19700101T000000Z");
  EXPECT_EQ(format_http_date(early), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(format_rfc3339(Time{Seconds{-1}}), "1969-12-31T23:59:59Z");
}

TEST(Time, ComesBackFromEachForm) {
  for (long long seconds = -100'000'000; seconds < 5'000'000'000; seconds += 8'640'017) {
    const Time time{Seconds{seconds}};
    EXPECT_EQ(parse_rfc3339(format_rfc3339(time)), time) << seconds;
    EXPECT_EQ(parse_iso_basic(format_iso_basic(time)), time) << seconds;
    EXPECT_EQ(parse_http_date(format_http_date(time)), time) << seconds;
  }
}

TEST(Rfc3339, HasAZone) {
  EXPECT_EQ(parse_rfc3339("2026-11-22T18:20:00Z"), moment);
  EXPECT_EQ(parse_rfc3339("2026-11-22t18:20:00z"), moment);
  EXPECT_EQ(parse_rfc3339("2026-11-22T18:20:00+00:00"), moment);
  EXPECT_EQ(parse_rfc3339("2026-11-22T18:20:00-00:00"), moment);
  EXPECT_EQ(parse_rfc3339("2026-11-22T19:50:00+01:30"), moment);
  EXPECT_EQ(parse_rfc3339("2026-11-22T10:20:00-08:00"), moment);
  EXPECT_EQ(parse_rfc3339("2026-11-23T08:20:00+14:00"), moment) << "the next day there";
}

TEST(Rfc3339, DropsAFraction) {
  EXPECT_EQ(parse_rfc3339("2026-11-22T18:20:00.000Z"), moment);
  EXPECT_EQ(parse_rfc3339("2026-11-22T18:20:00.999999999999Z"), moment);
  EXPECT_EQ(parse_rfc3339("2026-11-22T19:20:00.5+01:00"), moment);
}

TEST(Rfc3339, HasLeapDaysAndSeconds) {
  EXPECT_EQ(parse_rfc3339("2028-02-29T00:00:00Z"), Time{Seconds{1'835'395'200}});
  EXPECT_EQ(parse_rfc3339("2016-12-31T23:59:60Z"), parse_rfc3339("2016-12-31T23:59:59Z"));
  EXPECT_EQ(parse_rfc3339("2026-02-29T00:00:00Z"), std::nullopt);
  EXPECT_EQ(parse_rfc3339("2100-02-29T00:00:00Z"), std::nullopt);
  EXPECT_EQ(parse_rfc3339("2016-12-31T23:59:61Z"), std::nullopt);
}

TEST(Rfc3339, RefusesEverythingElse) {
  for (const char* text : {"",
                           "2026-11-22",
                           "2026-11-22T18:20:00",
                           "2026-11-22 18:20:00",
                           "2026-11-22T18:20Z",
                           "2026-11-22T18:20:00.Z",
                           "2026-11-22T18:20:00,5Z",
                           "2026-11-22T18:20:00Z ",
                           " 2026-11-22T18:20:00Z",
                           "2026-11-22T18:20:00ZZ",
                           "2026-11-22T18:20:00+0100",
                           "2026-11-22T18:20:00+01",
                           "2026-11-22T18:20:00+24:00",
                           "2026-11-22T18:20:00+01:60",
                           "2026-11-22T18:20:00+99:99",
                           "2026-11-22T24:00:00Z",
                           "2026-11-22T18:60:00Z",
                           "2026-13-22T18:20:00Z",
                           "2026-00-22T18:20:00Z",
                           "2026-11-00T18:20:00Z",
                           "2026-11-31T18:20:00Z",
                           "26-11-22T18:20:00Z",
                           "+2026-11-22T18:20:00Z",
                           "20261122T182000Z",
                           "1795371600",
                           "null"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

TEST(IsoBasic, RefusesEverythingElse) {
  EXPECT_EQ(parse_iso_basic("20261122T182000Z"), moment);
  for (const char* text :
       {"", "20261122T182000", "20261122t182000Z", "20261122T182000Z ", "20261322T182000Z",
        "20261122T242000Z", "2026-11-22T18:20:00Z", "2026112T182000Z", "-0261122T182000Z"}) {
    EXPECT_EQ(parse_iso_basic(text), std::nullopt) << text;
  }
}

TEST(HttpDate, KnowsEveryMonth) {
  std::string written = "2026-01-05T01:02:03Z";
  char month = 0;
  for (const char* name :
       {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}) {
    ++month;
    written[5] = static_cast<char>('0' + month / 10);
    written[6] = static_cast<char>('0' + month % 10);
    EXPECT_EQ(parse_http_date("Mon, 05 " + std::string(name) + " 2026 01:02:03 GMT"),
              parse_rfc3339(written))
        << written;
  }
}

TEST(HttpDate, HasTheFixedFormOnly) {
  for (const char* text : {"", "Sun, 22 Nov 2026 18:20:00", "Sun, 22 Nov 2026 18:20:00 UTC",
                           "Sun, 22 nov 2026 18:20:00 GMT", "Sun, 22 Xxx 2026 18:20:00 GMT",
                           "Sunday, 22-Nov-26 18:20:00 GMT", "Sun Nov 22 18:20:00 2026",
                           "Sun, 2 Nov 2026 18:20:00 GMT", "Sun, 22 Nov 26 18:20:00 GMT",
                           "Sun, 31 Nov 2026 18:20:00 GMT", "Sun, 22 Nov 2026 25:20:00 GMT",
                           "Sun, 22 Nov 2026 18:20:00 GMT ", "0"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

TEST(Duration, IsReadInUnitsOrSeconds) {
  EXPECT_EQ(parse_duration("45m"), Seconds{2700});
  EXPECT_EQ(parse_duration("12h"), Seconds{43200});
  EXPECT_EQ(parse_duration("1h30m"), Seconds{5400});
  EXPECT_EQ(parse_duration("1h30m15s"), Seconds{5415});
  EXPECT_EQ(parse_duration("1h15s"), Seconds{3615});
  EXPECT_EQ(parse_duration("90s"), Seconds{90});
  EXPECT_EQ(parse_duration("3600"), Seconds{3600});
  EXPECT_EQ(parse_duration("0"), Seconds{0});
  EXPECT_EQ(parse_duration("0900"), Seconds{900});
}

TEST(Duration, RefusesNonsense) {
  for (const char* text : {"",      "h",    "m",    "max",  "1x",  "1d",     "12H",      "1h30",
                           "30m1h", "1h1h", "1m1m", "-1",   "-1h", "+1",     "1.5h",     "1,5h",
                           " 1h",   "1h ",  "1 h",  "0x10", "1e3", "1h-30m", "\xc2\xbdh"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, RefusesWhatNoClockCounts) {
  EXPECT_EQ(parse_duration("10000000h"), Seconds{36'000'000'000});
  for (const char* text : {"10000001", "10000001h", "4294967296", "4294967297s",
                           "18446744073709551616", "99999999999999999999999999h"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, IsExactBelowAnHour) {
  EXPECT_EQ(format_duration(Seconds{0}), "0 s");
  EXPECT_EQ(format_duration(Seconds{59}), "59 s");
  EXPECT_EQ(format_duration(Seconds{60}), "1 min");
  EXPECT_EQ(format_duration(Seconds{899}), "14 min 59 s");
  EXPECT_EQ(format_duration(Seconds{900}), "15 min");
  EXPECT_EQ(format_duration(Seconds{901}), "15 min 1 s");
  EXPECT_EQ(format_duration(Seconds{3599}), "59 min 59 s");
}

TEST(Duration, IsNeverOverstatedAboveAnHour) {
  EXPECT_EQ(format_duration(Seconds{3600}), "1 h");
  EXPECT_EQ(format_duration(Seconds{3659}), "1 h");
  EXPECT_EQ(format_duration(Seconds{3660}), "1 h 1 min");
  EXPECT_EQ(format_duration(Seconds{41400}), "11 h 30 min");
  EXPECT_EQ(format_duration(Seconds{43199}), "11 h 59 min");
  EXPECT_EQ(format_duration(Seconds{129600}), "36 h");
}

TEST(FormatClockDifference, IsToTheMinuteFromTwoOn) {
  EXPECT_EQ(format_clock_difference(Seconds{119}), "1 min 59 s");
  EXPECT_EQ(format_clock_difference(Seconds{-961}), "16 min");
  EXPECT_EQ(format_clock_difference(Seconds{959}), "16 min");
  EXPECT_EQ(format_clock_difference(Seconds{989}), "16 min");
  EXPECT_EQ(format_clock_difference(Seconds{991}), "17 min");
  EXPECT_EQ(format_clock_difference(Seconds{-10799}), "3 h");
}

}  // namespace
}  // namespace base
