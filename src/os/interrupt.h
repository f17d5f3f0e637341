#pragma once

namespace os {

// Makes SIGINT, SIGTERM and SIGHUP visible to code that waits. While an Interrupt exists these
// signals do not end the program; whoever waits checks for them and throws Interrupted. SIGPIPE is
// ignored meanwhile, so that a connection that AWS closed while a person typed, or a reader of our
// output that went away, is an error of the write. There is one Interrupt at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // Readable once a signal has come: for poll().
  int descriptor() const;
  bool pending() const;
  void throw_if_pending() const;
  // Restores how signals were handled when we started, just before another program replaces this
  // one. Throws Interrupted when a signal came before.
  void restore_signals() const;

 private:
  struct Saved;
  Saved* saved_;
};

}  // namespace os
