#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace support {

// A server that does to a client what a test wants to be done, byte by byte. One script serves the
// first connection, the next one the second; a connection for which there is none has a request
// read and is closed. Connections are served one after the other. A script that waits longer than
// ten seconds is cut off, so that a mistake fails and does not hang.
class RawServer {
 public:
  class Connection {
   public:
    Connection(int fd, RawServer& server) : fd_(fd), server_(server) {}
    // Head and body (by Content-Length) as received; kept for requests().
    std::string read_request();
    std::string read_head();
    std::string read(std::size_t count);
    void send(std::string_view bytes);
    void close();             // after what was sent
    void reset();             // as a crash does it
    bool closed_by_client();  // waits for the end of what the client sends

   private:
    bool receive();

    int fd_;
    RawServer& server_;
    std::string received_;
  };
  using Script = std::function<void(Connection&)>;

  explicit RawServer(std::vector<Script> scripts);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // Ends the server. What it saw, then: every request, and how many connections there were.
  void finish();
  const std::vector<std::string>& requests();
  std::size_t connections();

 private:
  void run();

  std::vector<Script> scripts_;
  std::vector<std::string> requests_;
  std::size_t connections_ = 0;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

// A port of this machine at which nobody listens.
std::uint16_t closed_port();

}  // namespace support
