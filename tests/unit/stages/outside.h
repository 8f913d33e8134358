#pragma once

#include "plan/registry.h"

namespace sz::stages_test {

/// The stages of the product and `outside [--jobs N]`, which sends each record out as a Request and passes it
/// on as it is when the answer is good, in order. Under --time the stream's clock waits behind its oldest
/// record. The Driver answers by what the record says:
/// {"after":SECONDS,"fails":TIMES,"exit":STATUS,"never":true}.
plan::Declarations all_stages();

}  // namespace sz::stages_test
