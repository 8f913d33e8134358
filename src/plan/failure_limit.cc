#include "plan/failure_limit.h"

#include "core/quantity.h"

namespace sz::plan {

std::expected<FailureLimit, std::string> parse_failure_limit(std::string_view text) {
  if (text.find_first_of("./%") != std::string_view::npos) {
    const auto share = parse_share(text);
    if (!share) return std::unexpected(share.error());
    return *share;
  }
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos)
    return std::unexpected("is neither a number of failures such as 10 nor a share such as 5%");
  const auto count = parse_count(text);
  if (!count) return std::unexpected(count.error());
  return *count;
}

}  // namespace sz::plan
