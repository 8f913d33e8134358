#include "run/demo_log.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

namespace sz::run {
namespace {

constexpr std::int64_t begin = 1'767'225'600;  // 2026-01-01T00:00:00Z
constexpr std::int64_t second = 1'000'000'000;

constexpr std::array<std::string_view, 4> services = {"web", "api", "auth", "mail"};
constexpr std::array<std::string_view, 8> users = {"ann",  "bob",   "carl",  "dora",
                                                   "emil", "frida", "göran", "hana"};
constexpr std::array<std::string_view, 6> paths = {"/",          "/login",     "/cart", "/search?q=tea",
                                                   "/api/items", "/api/orders"};

// One line in so many.
constexpr std::uint64_t bad = 200, late = 50, twice = 80, odd = 300;

}  // namespace

DemoLog::DemoLog(std::uint64_t seed, Duration step)
    : state_(seed), step_{std::max<std::int64_t>(1, step.ns)}, now_(Time{} + Duration{begin * second}) {}

// SplitMix64 (Steele, Lea, Flood, 2014).
std::uint64_t DemoLog::random() {
  state_ += 0x9E3779B97F4A7C15;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

const std::string& DemoLog::next() {
  if (!last_.empty() && below(twice) == 0) return last_;
  line_.clear();
  make_record();
  line_ += '\n';
  last_ = line_;
  if (below(bad) == 0) spoil();
  return line_;
}

void DemoLog::make_record() {
  now_ = now_ + Duration{static_cast<std::int64_t>(below(2 * static_cast<std::uint64_t>(step_.ns) + 1))};
  Time at = now_;
  if (below(late) == 0 && number_ >= 100) at = at - Duration{static_cast<std::int64_t>(below(5 * second))};
  const std::uint64_t service = below(services.size());
  // Each service has a bad minute now and then.
  const auto minute = static_cast<std::uint64_t>((at - Time{}).ns / (60 * second));
  const bool ill = (minute + 3 * service) % 7 == 0;
  const std::uint64_t luck = below(1000);
  const bool broken = luck < (ill ? 150U : 8U), refused = !broken && luck < (ill ? 200U : 60U);
  const unsigned status = broken    ? (luck % 2 == 0 ? 503U : 500U)
                          : refused ? (luck % 2 == 0 ? 404U : 401U)
                                    : 200U;
  std::uint64_t ms = 3 + below(40);
  if (below(12) == 0) ms += below(400);
  if (ill) ms = 3 * ms + below(900);
  const auto to = std::back_inserter(line_);
  const auto whole = Duration{(at - Time{}).ns / 1'000'000 * 1'000'000};
  fmt::format_to(to, R"({{"ts":"{}","id":{},"level":"{}","service":"{}","user":"{}",)",
                 to_rfc3339(Time{} + whole), ++number_,
                 broken    ? "error"
                 : refused ? "warn"
                           : "info",
                 services[service], users[std::min(below(users.size()), below(users.size()))]);
  const std::string_view method = below(4) == 0 ? "POST" : "GET";
  fmt::format_to(to, R"("method":"{}","path":"{}","status":{},"ms":)", method, paths[below(paths.size())],
                 status);
  if (below(odd) == 0)
    line_ += R"("n/a")";
  else
    fmt::format_to(to, "{}", ms);
  fmt::format_to(to, R"(,"bytes":{})", 200 + below(20'000));
  if (broken)
    line_ += luck % 3 == 0 ? R"(,"error":"upstream timed out")" : R"(,"error":"connection reset by peer")";
  line_ += '}';
}

// What logs have that are no JSON.
void DemoLog::spoil() {
  switch (below(5)) {
    case 0:
      line_.resize(line_.size() / 2);  // torn by a full disk
      break;
    case 1:
      line_ = "panic: runtime error: index out of range [3] with length 3";
      break;
    case 2:
      line_.insert(line_.size() - 2, ",");
      line_.pop_back();
      break;
    case 3:
      line_ = R"({"level":"debug","ratio":NaN})";
      break;
    default:
      line_ = "Traceback (most recent call last):";
  }
  line_ += '\n';
}

}  // namespace sz::run
