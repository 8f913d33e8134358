#include "run/terminal.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>

#include "core/quantity.h"

namespace sz::run {

std::size_t text_width(int fd, std::size_t least, std::size_t most) {
  std::size_t width = 0;
  if (const char* columns = std::getenv("COLUMNS"); columns != nullptr)
    width = parse_count(columns).value_or(0);
  winsize size{};
  if (width == 0 && ::ioctl(fd, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  return width == 0 ? most : std::clamp(width, least, most);
}

}  // namespace sz::run
