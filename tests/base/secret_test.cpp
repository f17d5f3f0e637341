#include "base/secret.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <new>
#include <ostream>
#include <string>
#include <type_traits>
#include <vector>

namespace {

// What the memory held when it was given back. Only types of a large alignment come by here: in
// this program those of this file alone.
struct Freed {
  std::size_t blocks = 0;
  std::size_t bytes = 0;
  std::size_t bytes_left = 0;  // that were not zero
} freed;

void inspect_and_free(void* memory, std::size_t size) noexcept {
  const auto* const begin = static_cast<const unsigned char*>(memory);
  ++freed.blocks;
  freed.bytes += size;
  freed.bytes_left += static_cast<std::size_t>(
      std::count_if(begin, begin + size, [](unsigned char byte) { return byte != 0; }));
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size, std::align_val_t alignment) {
  return std::aligned_alloc(static_cast<std::size_t>(alignment), size);
}
void operator delete(void* memory, std::size_t size, std::align_val_t) noexcept {
  inspect_and_free(memory, size);
}
void operator delete(void* memory, std::align_val_t) noexcept { inspect_and_free(memory, 0); }

namespace base {
namespace {

template <typename T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};

static_assert(Streamable<std::string> && fmt::is_formattable<std::string>::value);
static_assert(!Streamable<Secret>);
static_assert(!fmt::is_formattable<Secret>::value);
static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret> &&
              std::is_nothrow_move_assignable_v<Secret>);
static_assert(!std::is_convertible_v<std::string, Secret> &&
              !std::is_convertible_v<Secret, std::string> &&
              !std::is_convertible_v<Secret, std::string_view>);
static_assert(std::is_same_v<WipedString::allocator_type, WipingAllocator<char>>);

TEST(Secret, HoldsAnyBytes) {
  const std::string bytes("a\0\xff\n", 4);
  const Secret secret(bytes);
  EXPECT_EQ(secret.reveal(), bytes);
  EXPECT_FALSE(secret.empty());
}

TEST(Secret, MayBeEmpty) {
  EXPECT_TRUE(Secret().empty());
  EXPECT_TRUE(Secret("").empty());
  EXPECT_EQ(Secret("").reveal(), "");
  EXPECT_EQ(Secret().clone().reveal(), "");
}

TEST(Secret, IsMovedAndLeavesNothing) {
  Secret first("sesame");
  const char* const where = first.reveal().data();
  Secret second(std::move(first));
  EXPECT_EQ(second.reveal(), "sesame");
  EXPECT_EQ(second.reveal().data(), where);
  EXPECT_TRUE(first.empty());     // NOLINT: what a moved one says is the point
  EXPECT_EQ(first.reveal(), "");  // NOLINT

  Secret third("another");
  third = std::move(second);
  EXPECT_EQ(third.reveal(), "sesame");
  EXPECT_TRUE(second.empty());  // NOLINT
}

TEST(Secret, IsClonedIntoMemoryOfItsOwn) {
  const Secret secret("sesame");
  const Secret clone = secret.clone();
  EXPECT_EQ(clone.reveal(), "sesame");
  EXPECT_NE(clone.reveal().data(), secret.reveal().data());
}

TEST(Wipe, OverwritesEveryByteAndNoOther) {
  std::string bytes = "before secret after";
  wipe(bytes.data() + 7, 6);
  EXPECT_EQ(bytes, std::string("before \0\0\0\0\0\0 after", 19));
}

struct alignas(64) Block {
  char bytes[64];
};

Block full() {
  Block block;
  std::fill(std::begin(block.bytes), std::end(block.bytes), 's');
  return block;
}

TEST(WipingAllocator, WipesWhatItFrees) {
  freed = {};
  { std::vector<Block, WipingAllocator<Block>> blocks(3, full()); }
  EXPECT_EQ(freed.blocks, 1u);
  EXPECT_EQ(freed.bytes, 3 * sizeof(Block));
  EXPECT_EQ(freed.bytes_left, 0u);
}

TEST(WipingAllocator, WipesWhatWasOutgrown) {
  std::vector<Block, WipingAllocator<Block>> blocks(1, full());
  freed = {};
  blocks.reserve(blocks.capacity() + 1);
  EXPECT_EQ(freed.blocks, 1u);
  EXPECT_EQ(freed.bytes_left, 0u);
  EXPECT_EQ(blocks.front().bytes[63], 's');
}

TEST(WipingAllocator, IsNeededForThat) {
  freed = {};
  { std::vector<Block> blocks(3, full()); }
  EXPECT_EQ(freed.bytes, 3 * sizeof(Block));
  EXPECT_EQ(freed.bytes_left, 3 * sizeof(Block));
}

}  // namespace
}  // namespace base
