#include <cstdlib>
#include <new>
#include <string>

#include <gtest/gtest.h>

#include "expr/program.h"
#include "json/document.h"

// What reads, compares, tests strings and builds objects of parts of the record allocates nothing for a
// record, once its buffers have their size. Counted, not guessed: this program's operator new counts. Not
// under the sanitizers, which bring their own.

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SZ_OWN_NEW 0
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SZ_OWN_NEW 0
#endif
#ifndef SZ_OWN_NEW
#define SZ_OWN_NEW 1
#endif

#if SZ_OWN_NEW

namespace {
std::size_t allocations = 0;
}

// Not inline: GCC would see malloc's memory go to delete.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* p = std::malloc(size == 0 ? 1 : size)) return p;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }

namespace sz::expr {
namespace {

constexpr char record[] =
    R"({"id":7,"level":"error","user":{"name":"ann"},"ms":12.5,"tags":["a","b"],"path":"/api/x"})";

template <class Run>
std::size_t counted(Run run) {
  for (int i = 0; i < 3; ++i) run();
  const std::size_t before = allocations;
  for (int i = 0; i < 100; ++i) run();
  return allocations - before;
}

TEST(Allocation, NoneToFilter) {
  json::Document document;
  const auto node = *document.parse(record);
  for (const char* source : {".level == \"error\"",
                             ".id >= 5 and .ms < 20",
                             ".user.name",
                             ".path | startswith(\"/api\")",
                             ".path | test(\"^/api\")",
                             ".path | endswith(\"x\")",
                             ".path | contains(\"api\")",
                             ".path | test(\"^/API\"; \"i\")",
                             ".path == \"/api\" + \"/x\"",
                             "5 < .id",
                             ".ms > -1",
                             ".ms >= .id",
                             ".level != .path",
                             ".tags == [\"a\", \"b\"]",
                             ".id == 1, .id == 7",
                             ".level[1:3] == \"rr\"",
                             ".path | split(\"/\") | length == 3",
                             ".path | ltrimstr(\"/api\") | startswith(\"/\")",
                             ".tags[1] == \"b\"",
                             ".nothing // .id",
                             "has(\"id\")",
                             ".tags | length > 1",
                             "any(.tags[]; . == \"b\")",
                             ".tags[] | select(. == \"b\")",
                             "first(.tags[])",
                             "select(.id == 7) | .ms",
                             ".id as $x | $x > 3",
                             "reduce .tags[] as $t (0; . + 1)",
                             "if .id > 3 then .ms else .id end"}) {
    auto program = Program::compile(source);
    ASSERT_TRUE(program) << source;
    EXPECT_EQ(counted([&] { EXPECT_TRUE(program->truthy(node, Time())); }), 0u) << source;
  }
}

TEST(Allocation, NoneToMapPartsOfTheRecord) {
  json::Document document;
  const auto node = *document.parse(record);
  for (const char* source : {".",
                             ".user",
                             "{id, level}",
                             "{id, who: .user.name, n: 1}",
                             ".tags[]",
                             ".id, .ms",
                             "select(.id == 7)",
                             ".ms * 2",
                             "{a: {b: .id, c: [.ms, 1]}}",
                             "{id, slow: (.ms > 10)}",
                             "{kind: \"log\", v: [1, {w: 2}], id}",
                             "{(.level): .id}",
                             "\"\\(.level): \\(.path) \\(.id)\"",
                             "[.id, .ms]",
                             "[.tags[] | select(. != \"a\")]",
                             "to_entries",
                             "with_entries(select(.key != \"id\"))",
                             ".id |= . + 1",

                             ". + {n: 1}",
                             "reduce .tags[] as $t ({}; .[$t] += 1)"}) {
    auto program = Program::compile(source);
    ASSERT_TRUE(program) << source;
    EXPECT_EQ(counted([&] { EXPECT_TRUE(program->render(node, Time())); }), 0u) << source;
  }
}

}  // namespace
}  // namespace sz::expr

#endif
