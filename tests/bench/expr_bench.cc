#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "expr/program.h"
#include "json/line_parser.h"

// Nanoseconds and allocations per record of expressions on parsed records in memory: 313-byte service logs
// with eleven keys. Parsing is timed apart. Prints a table; the last column must be 0.

namespace {

std::size_t allocations = 0;  // the replaced operators below count here

}  // namespace

void* operator new(std::size_t n) {
  ++allocations;
  if (void* p = std::malloc(n)) return p;
  throw std::bad_alloc();
}
void* operator new(std::size_t n, std::align_val_t a) {
  ++allocations;
  const auto align = static_cast<std::size_t>(a);
  if (void* p = std::aligned_alloc(align, (n + align - 1) / align * align)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace {

using Clock = std::chrono::steady_clock;

std::string log_lines(std::size_t count) {
  static constexpr const char* levels[] = {"info", "warn", "error", "debug"};
  static constexpr int statuses[] = {200, 200, 404, 200, 503, 201};
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    char line[512];
    std::snprintf(line, sizeof line,
                  "{\"id\":%zu,\"ts\":\"2026-01-01T00:%02zu:%02zu.%03zuZ\",\"level\":\"%s\",\"service\":"
                  "\"checkout-%zu\",\"host\":\"node-%02zu.eu-west\","
                  "\"status\":%d,\"latency_ms\":%zu.%zu,\"user\":\"user%06zu\",\"msg\":\"request finished "
                  "after %zu ms with upstream answer %08zx\","
                  "\"req\":{\"method\":\"GET\",\"path\":\"/api/v1/items/"
                  "%zu\",\"bytes\":%zu},\"tags\":[\"eu\",\"prod\",\"v%zu\"]}\n",
                  100000 + i, i / 60 % 60, i % 60, i % 1000, levels[i % 4], i % 7, i % 40, statuses[i % 6],
                  i % 900, i % 10, i * 7919 % 1000000, i % 977, i * 2654435761u % 4294967296u, i % 50000,
                  i % 100000, i % 9);
    out += line;
  }
  return out;
}

template <class F>
double nanoseconds(std::size_t records, F f) {
  double best = 1e18;
  for (int round = 0; round < 9; ++round) {
    const auto begin = Clock::now();
    f();
    const double ns = std::chrono::duration<double, std::nano>(Clock::now() - begin).count();
    best = std::min(best, ns / static_cast<double>(records));
  }
  return best;
}

}  // namespace

int main() {
  // One block of about 250 KB: what the reader hands over at once, and it stays in cache.
  constexpr std::size_t records = 800;
  std::string text = log_lines(records);
  const std::size_t size = text.size();
  text.append(64, '\0');
  sz::json::LineParser parser;
  std::vector<sz::json::Node> nodes;
  const auto parse = [&] {
    nodes.clear();
    parser.open(text.data(), size);
    sz::json::ParsedLine line;
    while (parser.next(line)) nodes.push_back(line.value);
  };
  parse();
  std::printf("%zu records of %zu bytes\n", records, size / records);
  std::printf("%-52s %10s %10s %8s %12s\n", "expression", "ns/record", "GB/s+parse", "outputs",
              "allocations");
  const double parsing = nanoseconds(records, parse);
  const double bytes = static_cast<double>(size) / static_cast<double>(records);
  std::printf("%-52s %10.1f %10.2f\n", "(parsing alone)", parsing, bytes / parsing);

  struct Case {
    const char* source;
    bool filter;
    bool must_not_allocate;
  };
  const Case cases[] = {
      {".status == 503", true, true},
      {".level == \"error\"", true, true},
      {".level == \"error\" and .status >= 500", true, true},
      {".req.path", true, true},
      {"select(.msg | test(\"answer 0+[1-9]\"))", true, true},
      {".user | startswith(\"user00\")", true, true},
      {".tags[0]", true, true},
      {".latency_ms > -1", true, true},
      {".ts >= (\"2026-01-01\" + \"T00:10:00Z\")", true, true},
      {"{\"error\": 2, \"warn\": 1}[.level] == 2", true, true},
      {".req.path | length", true, true},
      {"{id,user,latency_ms}", false, true},
      {"{id, path: .req.path, slow: (.latency_ms > 500)}", false, true},
      {".req", false, true},
      {"select(.status == 503) | {id, user}", false, true},
      {".latency_ms + 1", false, true},
      {".status |= . + 1", false, false},
      {"del(.req)", false, false},
      {"\"\\(.service) \\(.status)\"", false, false},
      {"[.tags[] | select(. != \"eu\")]", false, false},
      {".tags[]", false, false},
      {"to_entries | length", false, false},
      {"[.. | numbers] | add", false, false},
  };
  bool ok = true;
  for (const Case& c : cases) {
    auto program = sz::expr::Program::compile(c.source);
    if (!program) {
      std::printf("%s: %s\n", c.source, program.error().message.c_str());
      return 1;
    }
    std::size_t outputs = 0;
    const auto run = [&] {
      outputs = 0;
      for (const auto& node : nodes) {
        if (c.filter) {
          const auto r = program->truthy(node, sz::Time());
          outputs += r && *r ? 1 : 0;
        } else {
          const auto r = program->render(node, sz::Time());
          if (r) outputs += r->size();
        }
      }
    };
    run();
    const std::size_t before = allocations;
    run();
    const std::size_t made = allocations - before;
    const double ns = nanoseconds(records, run);
    std::printf("%-52s %10.1f %10.2f %8zu %12.2f%s\n", c.source, ns, bytes / (ns + parsing), outputs,
                static_cast<double>(made) / static_cast<double>(records),
                c.must_not_allocate && made > 0 ? "  FAIL" : "");
    ok = ok && !(c.must_not_allocate && made > 0);
  }
  return ok ? 0 : 1;
}
