#include "core/explanation.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/declaration.h"
#include "core/settings.h"

namespace sz {

std::string keys_bound(const Arguments& arguments, const Settings& settings) {
  const std::uint64_t most = arguments.count("--max-keys").value_or(settings.max_keys);
  return most == 0 ? "any number of keys (--max-keys 0)" : fmt::format("at most {} keys (--max-keys)", most);
}

std::string duration_text(const Arguments& arguments, std::string_view option) {
  return to_string(arguments.duration(option).value_or(Duration{}));
}

void explain_joining(Explanation& of) {
  const auto awaited = [](const Explanation::Inside& inside) { return inside.paces && !inside.gathers; };
  const bool waits = std::ranges::any_of(of.inside, awaited);
  const bool loose = std::ranges::any_of(of.inside, [](const auto& one) { return one.paces && one.gathers; });
  of.branches = true;
  of.order =
      loose   ? "by arrival for a branch with a buffer, or with a command and a timer or group; kept for the "
                "others"
      : waits ? "kept: a branch that waits for the outside holds the others back"
              : "kept, and for one record that of the branches";
  if (waits) {
    of.memory = "what came out of other branches meanwhile; reading stops while commands are busy (--jobs)";
    of.latency = "as long as the slowest record before it";
  }
  if (loose)
    of.varies.emplace_back("a branch with a buffer, or a command and a timer or group, joins by arrival");
  of.end = "the branches end in written order";
}

}  // namespace sz
