#include "plan/registry.h"

namespace sz {
#define SZ_STAGE(name) extern const Declaration name##_stage;
#include "stages/stages.def"
#undef SZ_STAGE
}  // namespace sz

namespace sz::plan {

Declarations stages() {
#define SZ_STAGE(name) &name##_stage,
  static constexpr const Declaration* all[] = {
#include "stages/stages.def"
  };
#undef SZ_STAGE
  return all;
}

}  // namespace sz::plan
