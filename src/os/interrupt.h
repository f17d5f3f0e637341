#pragma once

namespace os {

// SIGINT, SIGTERM and SIGHUP as something that waiting code can see. While one exists the signals
// do not end the program: whoever waits asks, and throws Interrupted. SIGPIPE is ignored
// meanwhile: a connection that AWS closed while a person typed, or a reader of our output that went
// away, is an error where it is written to. There is one at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // Readable once a signal came: for poll().
  int descriptor() const;
  bool pending() const;
  void throw_if_pending() const;
  // Treats every signal again as our parent had us treat it, just before another program takes our
  // place. Throws Interrupted when one came before.
  void hand_back() const;

 private:
  struct Saved;
  Saved* saved_;
};

}  // namespace os
