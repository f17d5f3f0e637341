#pragma once

#include "os/clock.h"
#include "os/random.h"

#include <atomic>
#include <chrono>
#include <cstdint>

namespace support {

// Stands still until it is told to move; sleeping moves it. Safe to read from several threads.
class FakeClock : public os::Clock {
 public:
  // Within a 30 second step of one-time codes, not on its edge.
  explicit FakeClock(base::Time start = base::parse_rfc3339("2026-11-22T17:20:10Z").value())
      : milliseconds_(std::chrono::milliseconds(start.time_since_epoch()).count()) {}

  base::Time now() override {
    return std::chrono::floor<base::Seconds>(
        std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(milliseconds_)));
  }
  std::chrono::milliseconds monotonic() override {
    return std::chrono::milliseconds(milliseconds_);
  }
  void sleep(std::chrono::milliseconds duration) override { advance(duration); }
  void advance(std::chrono::milliseconds duration) { milliseconds_ += duration.count(); }

 private:
  std::atomic<std::int64_t> milliseconds_;
};

// The same numbers in every run (a linear congruential generator, Knuth's constants).
class FakeRandom : public os::Random {
 public:
  explicit FakeRandom(std::uint64_t seed = 1) : state_(seed) {}

  std::uint32_t below(std::uint32_t bound) override {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>(state_ >> 33) % bound;
  }

 private:
  std::uint64_t state_;
};

}  // namespace support
