#include "aws/files/sha1.h"

#include "base/text.h"

#include <array>
#include <bit>
#include <cstdint>

namespace aws {
namespace {

constexpr std::size_t block_size = 64;

using State = std::array<std::uint32_t, 5>;

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i) word = word << 8 | static_cast<unsigned char>(bytes[i]);
  return word;
}

// The function and the constant of round `t`.
std::uint32_t mixed(std::size_t t, std::uint32_t x, std::uint32_t y, std::uint32_t z) {
  if (t < 20) return ((x & y) ^ (~x & z)) + 0x5a827999;
  if (t < 40) return (x ^ y ^ z) + 0x6ed9eba1;
  if (t < 60) return ((x & y) ^ (x & z) ^ (y & z)) + 0x8f1bbcdc;
  return (x ^ y ^ z) + 0xca62c1d6;
}

void take_block(State& state, std::string_view block) {
  std::array<std::uint32_t, 80> schedule = {};
  for (std::size_t t = 0; t < 16; ++t) schedule[t] = big_endian(block.substr(4 * t));
  for (std::size_t t = 16; t < 80; ++t) {
    schedule[t] =
        std::rotl(schedule[t - 3] ^ schedule[t - 8] ^ schedule[t - 14] ^ schedule[t - 16], 1);
  }
  auto [a, b, c, d, e] = state;
  for (std::size_t t = 0; t < 80; ++t) {
    const std::uint32_t next = std::rotl(a, 5) + mixed(t, b, c, d) + e + schedule[t];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  const State added = {a, b, c, d, e};
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += added[i];
}

}  // namespace

std::string sha1_hex(std::string_view bytes) {
  // A bit of one, zeros, and the length in bits at the end of a block.
  std::string padded(bytes);
  padded += '\x80';
  while (padded.size() % block_size != block_size - 8) padded += '\0';
  for (int shift = 56; shift >= 0; shift -= 8) {
    padded += static_cast<char>(std::uint64_t{bytes.size()} * 8 >> shift & 0xff);
  }
  State state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  for (std::size_t i = 0; i < padded.size(); i += block_size) {
    take_block(state, std::string_view(padded).substr(i, block_size));
  }
  std::array<unsigned char, 20> digest = {};
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<unsigned char>(state[i / 4] >> (24 - 8 * (i % 4)));
  }
  return base::hex(digest);
}

}  // namespace aws
