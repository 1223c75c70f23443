#include <yufu/base.h>
