#include "core/count_field.h"

#include "core/edit.h"

namespace sz {

Record CountField::counted(Record& record, std::uint64_t count) {
  text_.clear();
  append_with_member(text_, record.value(), *key_, std::to_string(count));
  return {text_, spare_};
}

}  // namespace sz
