#include "files_fixture.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <gmock/gmock.h>
#include <memory>
#include <sched.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

// Updates and reads beside programs that know nothing of our lock.

namespace os {
namespace {

namespace fs = std::filesystem;
using base::WipedString;
using support::Child;
using support::read_file;
using support::Verdict;
using support::write_file;
using Names = std::set<std::string>;

struct FilesWriters : FilesTest {
  std::unique_ptr<Child> writer;

  void SetUp() override {
    write_file(file, "old\n");
    fs::permissions(file, fs::perms(0600));
  }

  // Somebody waits to write into a file that is under a lease.
  static bool is_writer_waiting() {
    std::ifstream locks("/proc/locks");
    const std::string text(std::istreambuf_iterator<char>(locks), {});
    return text.find("BREAKING") != std::string::npos;
  }
  // Starts a program that writes the file anew in place, and comes back when the system makes it
  // wait for our lease (or it is done, where there are no leases).
  void let_writer_come(const std::string& path) {
    writer = std::make_unique<Child>([path]() -> std::string {
      write_file(path, "theirs\n");
      return "wrote";
    });
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!is_writer_waiting() && read_file(path) != "theirs\n") {
      if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("no writer came");
      sched_yield();
    }
  }
  void expect_writer_done() {
    ASSERT_TRUE(writer);
    EXPECT_EQ(writer->wait(), "wrote");
  }

  // An update, with `meddle` run before its n-th system call of that number (from 1).
  std::string update_meddled(long number, int nth, const std::function<void()>& meddle) {
    int count = 0;
    return support::in_traced_child([&] { return update(file); },
                                    [&](long call) {
                                      if (call == number && ++count == nth) meddle();
                                      return Verdict{};
                                    });
  }
  // The same where the system has no leases.
  std::string update_without_leases(long number, int nth, const std::function<void()>& meddle) {
    int count = 0;
    return support::in_traced_child(
        [&] { return update(file); },
        [&](long call) {
          if (call == number && ++count == nth) meddle();
          return call == SYS_fcntl ? Verdict{Verdict::fail, EINVAL} : Verdict{};
        });
  }
  void replace_by(const std::string& bytes) {
    write_file(folder / "other", bytes);
    fs::permissions(folder / "other", fs::perms(0600));
    fs::rename(folder / "other", file);
  }
};

TEST_F(FilesWriters, WriterWhoComesMeanwhileFinishesFirst) {
  int calls = 0;
  const std::string said = update(file, [&](const WipedString& old) {
    if (++calls == 1) let_writer_come(file);
    return add_new(old);
  });
  EXPECT_EQ(said, "done");
  EXPECT_EQ(calls, 2);
  expect_writer_done();
  EXPECT_EQ(read_file(file), "theirs\nnew\n");
  EXPECT_EQ(folder.names(), Names{"credentials"});
}

TEST_F(FilesWriters, ReplacedOrRemovedFileIsReadAgain) {
  struct Case {
    const char* what;
    std::function<void()> meddle;
    const char* result;
  };
  const Case cases[] = {
      {"replaced by one of the same size", [&] { replace_by("OLD\n"); }, "OLD\nnew\n"},
      {"removed", [&] { fs::remove(file); }, "new\n"},
      {"its mode", [&] { fs::permissions(file, fs::perms(0400)); }, "old\nnew\n"},
  };
  for (const Case& test : cases) {
    fs::remove(file);
    write_file(file, "old\n");
    int calls = 0;
    update(file, [&](const WipedString& old) {
      if (++calls == 1) test.meddle();
      return add_new(old);
    });
    EXPECT_EQ(calls, 2) << test.what;
    EXPECT_EQ(read_file(file), test.result) << test.what;
    EXPECT_EQ(folder.names(), Names{"credentials"}) << test.what;
  }
}

TEST_F(FilesWriters, FileThatAppearsMeanwhileIsReadFirst) {
  fs::remove(file);
  int calls = 0;
  update(file, [&](const WipedString& old) {
    if (++calls == 1) write_file(file, "created\n");
    return add_new(old);
  });
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(read_file(file), "created\nnew\n");
}

// The hardest moment: after the last look at the old file.
TEST_F(FilesWriters, NothingIsLostThatComesBetweenTheLastLookAndTheReplacing) {
  SKIP_WITHOUT_TRACING();
  EXPECT_EQ(update_meddled(SYS_renameat2, 1, [&] { replace_by("theirs\n"); }), "done");
  EXPECT_EQ(read_file(file), "theirs\nnew\n");

  SetUp();
  EXPECT_EQ(update_meddled(SYS_renameat2, 1, [&] { let_writer_come(file); }), "done");
  expect_writer_done();
  EXPECT_EQ(read_file(file), "theirs\nnew\n");

  SetUp();
  EXPECT_EQ(update_meddled(SYS_renameat2, 1, [&] { fs::remove(file); }), "done");
  EXPECT_EQ(read_file(file), "new\n");

  fs::remove(file);
  EXPECT_EQ(update_meddled(SYS_renameat2, 1, [&] { write_file(file, "appeared\n"); }),
            "done, tightened");
  EXPECT_EQ(read_file(file), "appeared\nnew\n");
  EXPECT_EQ(folder.names(), Names{"credentials"});
}

// A writer who found the old file by its name before it was replaced, and opens it only afterwards,
// while the folder is flushed: it is known by the temporary name then.
TEST_F(FilesWriters, NothingIsLostOfAWriterWhoOpensTheFileThatWasJustReplaced) {
  SKIP_WITHOUT_TRACING();
  EXPECT_EQ(update_meddled(SYS_fsync, 2, [&] { let_writer_come(file + temporary_suffix); }),
            "done");
  expect_writer_done();
  EXPECT_EQ(read_file(file), "theirs\nnew\n");
  EXPECT_EQ(folder.names(), Names{"credentials"});
}

// Truncates the file when the work begins, and writes it when it has waited three times.
TEST_F(FilesWriters, WriterWhoHasTheFileOpenIsWaitedFor) {
  SKIP_WITHOUT_TRACING();
  const support::ChildWork works[] = {
      [&] { return update(file); },
      [&] { return std::string(files.read(file).value_or("nothing")); },
  };
  for (const auto& work : works) {
    int fd = -1;
    int polls = 0;
    EXPECT_THAT(support::in_traced_child(work,
                                         [&](long call) {
                                           // Not before: the child must not have it open as well.
                                           if (fd < 0)
                                             fd =
                                                 open(file.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
                                           if (call == SYS_poll && ++polls == 3) {
                                             EXPECT_EQ(write(fd, "theirs\n", 7), 7);
                                             close(fd);
                                           }
                                           return Verdict{};
                                         }),
                testing::AnyOf("done", "theirs\n"));
    EXPECT_EQ(polls, 3);
    EXPECT_EQ(read_file(file), &work == works ? "theirs\nnew\n" : "theirs\n");
  }
}

TEST_F(FilesWriters, WriterWhoNeverClosesTheFileIsNamedAndLeftAlone) {
  SystemFiles hasty(interrupt, {.writer = std::chrono::milliseconds(30)});
  const int fd = open(file.c_str(), O_WRONLY | O_CLOEXEC);
  EXPECT_EQ(support::error_of([&] { hasty.update(file, add_new); }),
            fmt::format("1 cannot replace {0}: another program keeps it open for writing\n"
                        "hint: the file was left to it; see which one with: fuser -v {0}",
                        file));
  EXPECT_EQ(read_file(file), "old\n");
  EXPECT_EQ(folder.names(), Names{"credentials"});
  close(fd);
}

TEST_F(FilesWriters, ProgramThatNeverStopsChangingTheFileIsNamedAndLeftAlone) {
  SystemFiles hasty(interrupt, {.writer = std::chrono::milliseconds(60)});
  int calls = 0;
  EXPECT_EQ(support::error_of([&] {
              hasty.update(file, [&](const WipedString& old) {
                replace_by(fmt::format("{}\n", ++calls));
                return add_new(old);
              });
            }),
            fmt::format("1 cannot replace {0}: another program keeps changing it\n"
                        "hint: the file was left to it; see which one with: fuser -v {0}",
                        file));
  EXPECT_EQ(read_file(file), fmt::format("{}\n", calls));
  EXPECT_EQ(folder.names(), Names{"credentials"});
}

TEST_F(FilesWriters, WaitingCanBeInterrupted) {
  const int fd = open(file.c_str(), O_WRONLY | O_CLOEXEC);
  raise(SIGINT);
  EXPECT_EQ(update(file), "interrupted");
  EXPECT_EQ(support::error_of([&] { files.read(file); }), "interrupted");
  EXPECT_EQ(read_file(file), "old\n");
  EXPECT_EQ(folder.names(), Names{"credentials"});
  close(fd);
}

TEST_F(FilesWriters, AnUpdateThatIsStoppedIsNamedBeforeItIsWaitedFor) {
  support::Child stopped([&] {
    const int held = open((file + lock_suffix).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    flock(held, LOCK_EX);
    raise(SIGSTOP);
    return std::string();
  });
  ASSERT_EQ(waitpid(stopped.pid(), nullptr, WUNTRACED), stopped.pid());
  const std::string refusal = fmt::format(
      "1 another aws-session-token, process {0}, is stopped and holds {1}{2}\n"
      "hint: let it go on with: kill -CONT {0}; or end it with: kill -9 {0}",
      stopped.pid(), file, lock_suffix);
  EXPECT_EQ(support::error_of([&] { files.check_writable(file); }), refusal);
  const auto started = std::chrono::steady_clock::now();
  EXPECT_EQ(update(file), refusal);
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(30));
  kill(stopped.pid(), SIGCONT);
  stopped.wait();
  EXPECT_EQ(update(file).substr(0, 4), "done");
}

TEST_F(FilesWriters, WaitingForTheLockCanBeInterruptedAndHasAnEnd) {
  const int held = open((file + lock_suffix).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_EQ(flock(held, LOCK_EX), 0);
  SystemFiles hasty(interrupt, {.lock = std::chrono::milliseconds(30)});
  EXPECT_EQ(support::error_of([&] { hasty.update(file, add_new); }),
            fmt::format("1 another aws-session-token, process {2}, has held {0}{1} for too long\n"
                        "hint: wait for it, or end it with: kill {2}",
                        file, lock_suffix, getpid()));
  raise(SIGINT);
  EXPECT_EQ(update(file), "interrupted");
  EXPECT_EQ(read_file(file), "old\n");
  EXPECT_EQ(folder.names(), (Names{"credentials", std::string("credentials") + lock_suffix}));
  close(held);
}

// Kernels before 3.15, NFS: compared a last time, then replaced.
TEST_F(FilesWriters, SystemThatCannotExchangeFilesIsUpdatedAllTheSame) {
  SKIP_WITHOUT_TRACING();
  for (const bool exists : {true, false}) {
    for (const bool meddled : {true, false}) {
      fs::remove(file);
      if (exists) SetUp();
      int exchanges = 0;
      const std::string said = support::in_traced_child([&] { return update(file); },
                                                        [&](long call) {
                                                          if (call != SYS_renameat2)
                                                            return Verdict{};
                                                          if (++exchanges == 1 && meddled && exists)
                                                            replace_by("theirs\n");
                                                          return Verdict{Verdict::fail, EINVAL};
                                                        });
      EXPECT_EQ(said, "done");
      EXPECT_EQ(read_file(file), !exists ? "new\n" : meddled ? "theirs\nnew\n" : "old\nnew\n");
      EXPECT_EQ(folder.names(), Names{"credentials"});
    }
  }
}

TEST_F(FilesWriters, WithoutLeasesAFileThatLooksHalfWrittenIsReadAgain) {
  SKIP_WITHOUT_TRACING();
  for (const char* half : {"", "the", "theirs\nand mo"}) {
    write_file(file, half);
    EXPECT_EQ(update_without_leases(SYS_poll, 1, [&] { write_file(file, "theirs\n"); }), "done");
    EXPECT_EQ(read_file(file), "theirs\nnew\n") << half;
  }
}

TEST_F(FilesWriters, WithoutLeasesAFileThatStaysHalfIsTakenAsItIs) {
  SKIP_WITHOUT_TRACING();
  for (const char* whole : {"", "no line end:"}) {
    write_file(file, whole);
    EXPECT_EQ(update_without_leases(SYS_poll, 99, [] {}), "done");
    EXPECT_EQ(read_file(file), std::string(whole) + "new\n");
  }
}

TEST_F(FilesWriters, WithoutLeasesAFileThatChangesIsReadUntilItRests) {
  SKIP_WITHOUT_TRACING();
  // Changed before the replacing, and again in the pause before and after the second look.
  int changes = 0;
  const auto meddle = [&](long call) {
    if (call == SYS_renameat2 && changes == 0) ++changes, write_file(file, "first\n");
    if (call == SYS_poll && changes > 0 && changes < 4) {
      write_file(file, fmt::format("change {}\n", ++changes));
    }
    return call == SYS_fcntl ? Verdict{Verdict::fail, EINVAL} : Verdict{};
  };
  EXPECT_EQ(support::in_traced_child([&] { return update(file); }, meddle), "done");
  EXPECT_EQ(changes, 4);
  EXPECT_EQ(read_file(file), "change 4\nnew\n");
}

TEST_F(FilesWriters, ReaderTakesWhatIsThereOfAWriterWhoNeverCloses) {
  SystemFiles hasty(interrupt, {.reader = std::chrono::milliseconds(20)});
  const int fd = open(file.c_str(), O_WRONLY | O_CLOEXEC);
  EXPECT_EQ(hasty.read(file), "old\n");
  close(fd);
}

// What `exec` hands to a helper: its maker has it open for writing for as long as it lives.
TEST_F(FilesWriters, ReaderDoesNotWaitForAMemoryFile) {
  const int fd = memfd_create("overlay", MFD_CLOEXEC);
  ASSERT_EQ(write(fd, "text", 4), 4);
  const std::string path = fmt::format("/proc/self/fd/{}", fd);
  SystemFiles impatient(interrupt, {.reader = std::chrono::milliseconds(0)});
  EXPECT_EQ(impatient.read(path), "text");
  close(fd);
}

TEST_F(FilesWriters, AreSeenBeforeAnUpdate) {
  EXPECT_EQ(files.check_writable(file), Writability::free);
  EXPECT_EQ(files.check_writable(folder / "missing"), Writability::free);
  const int fd = open(file.c_str(), O_WRONLY | O_CLOEXEC);
  EXPECT_EQ(files.check_writable(file), Writability::in_use);
  close(fd);
  EXPECT_EQ(files.check_writable(file), Writability::free);
  EXPECT_EQ(folder.names(), Names{"credentials"});
}

// Somebody wants to write the old file just when the new one was put in its place, and then the
// system does not let us undo that.
TEST_F(FilesWriters, KeepTheirFileWhereItCannotBePutBack) {
  SKIP_WITHOUT_TRACING();
  const std::string cached = file + temporary_suffix;
  bool exchanged = false;
  bool met = false;
  const auto on_call = [&](long number) {
    if (number == SYS_rename) return Verdict{Verdict::fail, EIO};
    if (exchanged && !std::exchange(met, true)) {
      // Not waiting, it still breaks the lease.
      const int fd = open(cached.c_str(), O_WRONLY | O_NONBLOCK | O_APPEND | O_CLOEXEC);
      if (fd >= 0) {
        EXPECT_EQ(write(fd, "theirs\n", 7), 7);
        close(fd);
      }
    }
    exchanged = exchanged || (number == SYS_renameat2);
    return Verdict{};
  };
  EXPECT_EQ(support::in_traced_child([&] { return update(file); }, on_call),
            fmt::format("1 cannot put back {}, which another program changed: Input/output error\n"
                        "hint: what it wrote is now {}: save it before you run this program again",
                        file, cached));
  EXPECT_EQ(read_file(file), "old\nnew\n");
  EXPECT_TRUE(read_file(cached).starts_with("old\n"));
}

}  // namespace
}  // namespace os
