#include "core/keyed.h"

#include <list>
#include <map>

#include <gtest/gtest.h>

namespace sz {
namespace {

TEST(Keyed, FindsWhatWasInserted) {
  Keyed<int> keys;
  EXPECT_EQ(keys.find("a"), Keyed<int>::none);
  keys[keys.insert("a")] = 1;
  keys[keys.insert("")] = 2;
  EXPECT_EQ(keys[keys.find("a")], 1);
  EXPECT_EQ(keys[keys.find("")], 2);
  EXPECT_EQ(keys.size(), 2u);
}

TEST(Keyed, ForgetsTheLeastRecentlyUsed) {
  Keyed<int> keys;
  for (const char* key : {"a", "b", "c"}) keys.insert(key);
  keys.find("a");
  EXPECT_EQ(keys.key(keys.oldest()), "b");
  keys.erase(keys.oldest());
  EXPECT_EQ(keys.key(keys.oldest()), "c");
  EXPECT_EQ(keys.find("b"), Keyed<int>::none);
}

TEST(Keyed, PeekLeavesTheOrderOfArrival) {
  Keyed<int> keys;
  for (const char* key : {"a", "b", "c"}) keys.insert(key);
  EXPECT_EQ(keys.key(keys.peek("a")), "a");
  EXPECT_EQ(keys.peek("d"), Keyed<int>::none);
  keys.erase(keys.peek("b"));
  keys.insert("b");
  std::string order;
  for (auto slot = keys.oldest(); slot != Keyed<int>::none; slot = keys.next(slot)) order += keys.key(slot);
  EXPECT_EQ(order, "acb");
}

// Against a map and a list that do the same slowly.
TEST(Keyed, AgreesWithASlowModel) {
  Keyed<std::uint64_t> keys;
  std::map<std::string, std::uint64_t> values;
  std::list<std::string> used;
  std::uint64_t random = 12345;
  for (std::uint64_t step = 1; step <= 200'000; ++step) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    const std::string key = std::to_string((random >> 33) % 300);
    const Keyed<std::uint64_t>::Slot slot = keys.find(key);
    ASSERT_EQ(slot != Keyed<std::uint64_t>::none, values.contains(key));
    if (slot == Keyed<std::uint64_t>::none) {
      if (keys.size() == 200) {
        ASSERT_EQ(keys.key(keys.oldest()), used.front());
        values.erase(used.front());
        used.pop_front();
        keys.erase(keys.oldest());
      }
      keys[keys.insert(key)] = step;
      values[key] = step;
    } else {
      ASSERT_EQ(keys[slot], values[key]);
      used.remove(key);
    }
    used.push_back(key);
  }
}

}  // namespace
}  // namespace sz
