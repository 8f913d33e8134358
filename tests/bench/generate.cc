// bench_generate --kind KIND --size 300M [--seed 1]: prints NDJSON records for the benchmark, whole lines, as
// many as fit into the size. The same kind, size and seed give the same bytes on every machine: integers
// only, no library's distributions.

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include <unistd.h>

#include "core/quantity.h"

namespace {

/// SplitMix64 (Steele, Lea, Flood 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  /// 0 to n - 1; n up to 2^32. The bias is below 2^-32.
  std::uint64_t below(std::uint64_t n) { return ((next() >> 32) * n) >> 32; }

  template <std::size_t N>
  std::string_view pick(const std::array<std::string_view, N>& words) {
    return words[below(N)];
  }

 private:
  std::uint64_t state_;
};

enum class Kind : std::uint8_t { m, tiny, big, escapes, shuffled, absent, pass, hugeints };
constexpr std::array<std::pair<std::string_view, Kind>, 8> kinds = {{{"m", Kind::m},
                                                                     {"tiny", Kind::tiny},
                                                                     {"big", Kind::big},
                                                                     {"escapes", Kind::escapes},
                                                                     {"shuffled", Kind::shuffled},
                                                                     {"absent", Kind::absent},
                                                                     {"pass", Kind::pass},
                                                                     {"hugeints", Kind::hugeints}}};

constexpr std::array<std::string_view, 4> levels = {"info", "info", "warn", "error"};
constexpr std::array<std::string_view, 8> services = {"checkout", "payments", "search",  "catalog",
                                                      "sessions", "mailer",   "gateway", "reports"};
constexpr std::array<std::string_view, 5> methods = {"GET", "GET", "POST", "PUT", "DELETE"};
constexpr std::array<std::string_view, 6> routes = {"/api/v1/orders/", "/api/v1/items/",  "/api/v2/search?q=",
                                                    "/api/v1/users/",  "/internal/jobs/", "/api/v1/carts/"};
constexpr std::array<std::string_view, 6> tags = {"eu-west-1", "us-east-2", "canary",
                                                  "stable",    "retry",     "cold"};
constexpr std::array<std::string_view, 12> nouns = {"request", "upstream", "connection", "cache",
                                                    "order",   "token",    "timeout",    "replica",
                                                    "shard",   "queue",    "worker",     "session"};
constexpr std::array<std::string_view, 5> escaped = {R"(\n\tat )", R"(\"x\")", R"(caf\u00e9 )",
                                                     R"(C:\\tmp\\)", R"(\ud83d\ude00)"};
constexpr std::array<unsigned, 5> other_statuses = {200, 200, 201, 404, 500};

/// Writes one record after the other; time goes on by 0 to 20 ms between them.
class Records {
 public:
  Records(Kind kind, std::uint64_t seed) : kind_(kind), random_(seed) {}

  /// Appends one line with its newline.
  void append(std::string& out) {
    ++number_;
    milliseconds_ += random_.below(21);
    if (kind_ == Kind::tiny) return tiny(out);
    constexpr std::array<unsigned, 11> as_written = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    auto order = as_written;
    if (kind_ == Kind::shuffled)
      for (std::size_t i = order.size() - 1; i > 0; --i) std::swap(order[i], order[random_.below(i + 1)]);
    out += '{';
    bool first = true;
    for (const unsigned key : order) {
      if (key == 6 && kind_ == Kind::absent) continue;
      if (!first) out += ',';
      first = false;
      field(key, out);
    }
    out += "}\n";
  }

 private:
  void tiny(std::string& out) {
    out += R"({"id":)";
    digits(100'000'000 + number_ % 900'000'000, 9, out);
    out += R"(,"status":)";
    digits(status(), 3, out);
    out += R"(,"v":)";
    digits(100 + random_.below(900), 3, out);
    out += "}\n";
  }

  void field(unsigned key, std::string& out) {
    switch (key) {
      case 0:
        out += R"("ts":")";
        time(out);
        out += '"';
        break;
      case 1:
        out += R"("id":)";
        if (kind_ == Kind::hugeints)
          digits(10'000'000'000'000 + random_.next() % 90'000'000'000'000, 14, out);
        digits(100'000'000 + random_.below(900'000'000), 9, out);
        break;
      case 2:
        text("level", random_.pick(levels), out);
        break;
      case 3:
        text("service", random_.pick(services), out);
        break;
      case 4:
        out += R"("host":"web-)";
        digits(random_.below(64), 3, out);
        out += '"';
        break;
      case 5:
        out += R"("user":"u)";
        digits(random_.below(50'000), 6, out);
        out += '"';
        break;
      case 6:
        out += kind_ == Kind::escapes ? R"("st\u0061tus":)" : R"("status":)";
        digits(status(), 3, out);
        break;
      case 7:
        out += R"("latency_ms":)";
        digits(1 + random_.below(900), 0, out);
        out += '.';
        digits(random_.below(100), 2, out);
        break;
      case 8:
        out += R"("request":{"method":")";
        out += random_.pick(methods);
        out += R"(","path":")";
        out += random_.pick(routes);
        digits(random_.below(1'000'000), 6, out);
        out += R"(","bytes":)";
        digits(random_.below(100'000), 0, out);
        out += '}';
        break;
      case 9:
        out += R"("tags":[")";
        out += random_.pick(tags);
        out += R"(",")";
        out += random_.pick(tags);
        out += R"("])";
        break;
      default:
        message(out);
    }
  }

  void message(std::string& out) {
    out += R"("msg":")";
    const std::size_t words = kind_ == Kind::big ? 370 : 7;
    for (std::size_t i = 0; i < words; ++i) {
      if (i > 0) out += ' ';
      out += random_.pick(nouns);
      if (kind_ == Kind::escapes) out += random_.pick(escaped);
    }
    out += '"';
  }

  static void text(std::string_view key, std::string_view value, std::string& out) {
    out += '"';
    out += key;
    out += R"(":")";
    out += value;
    out += '"';
  }

  /// One in fifty is a 503.
  unsigned status() {
    if (kind_ == Kind::pass || random_.below(50) == 0) return 503;
    return other_statuses[random_.below(other_statuses.size())];
  }

  /// From 2026-03-01T00:00:00Z on; the day counts up and the month never ends, which is enough for 2 GB (8
  /// days).
  void time(std::string& out) const {
    const std::uint64_t seconds = milliseconds_ / 1000;
    out += "2026-03-";
    digits(1 + seconds / 86'400 % 31, 2, out);
    out += 'T';
    digits(seconds / 3600 % 24, 2, out);
    out += ':';
    digits(seconds / 60 % 60, 2, out);
    out += ':';
    digits(seconds % 60, 2, out);
    out += '.';
    digits(milliseconds_ % 1000, 3, out);
    out += 'Z';
  }

  /// At least `width` digits, filled with zeros.
  static void digits(std::uint64_t value, std::size_t width, std::string& out) {
    std::array<char, 20> text;
    std::size_t at = text.size();
    do {
      text[--at] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value != 0);
    while (text.size() - at < width) text[--at] = '0';
    out.append(&text[at], text.size() - at);
  }

  Kind kind_;
  Random random_;
  std::uint64_t number_ = 0, milliseconds_ = 0;
};

/// False if nobody reads any more or the disk is full.
bool write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(1, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  Kind kind = Kind::m;
  std::uint64_t size = 300'000'000, seed = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view option = argv[i], value = argv[i + 1];
    const auto number = sz::parse_size(value);
    if (option == "--kind") {
      const auto* found = kinds.begin();
      while (found != kinds.end() && found->first != value) ++found;
      if (found == kinds.end()) {
        std::fprintf(stderr, "bench_generate: no kind \"%s\"\n", argv[i + 1]);
        return 2;
      }
      kind = found->second;
    } else if ((option == "--size" || option == "--seed") && number) {
      (option == "--size" ? size : seed) = *number;
    } else {
      std::fprintf(stderr, "usage: bench_generate [--kind KIND] [--size 300M] [--seed 1]\n");
      return 2;
    }
  }

  constexpr std::size_t buffered = std::size_t{1} << 20;
  Records records(kind, seed);
  std::string out;
  out.reserve(buffered + (std::size_t{16} << 10));
  std::uint64_t written = 0;
  for (;;) {
    const std::size_t before = out.size();
    records.append(out);
    const bool full = written + out.size() > size;
    if (full) out.resize(before);
    if (full || out.size() >= buffered) {
      written += out.size();
      if (!write_all(out)) return 1;
      if (full) return 0;
      out.clear();
    }
  }
}
