# Engawa: the build. One file, no recursion.
#
#   make run      install what is missing, build, open a demo company and serve it
#   make test     every proof that decides (20 minutes on two cores)
#   make help     all targets
#
# Sources are found by floor (src/<floor>/**.c). A variant is a compiler, its flags and its own folder of
# objects (build/obj/<variant>/); VARIANT(...) at the foot of this file makes the rules of each.

MAKEFLAGS += --no-builtin-rules --no-builtin-variables
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := build

# Lowest first. A file includes only its own floor and those before it; so does a unit runner's link.
FLOORS := base crypt net store core svc api role prog

CC_GCC   ?= gcc
CC_CLANG ?= clang
PKG_CONFIG ?= pkg-config
SECONDS_OF_FUZZING := $(or $(SECONDS_FUZZ),$(if $(filter command line,$(origin SECONDS)),$(SECONDS),5))

# ---------------------------------------------------------------- sources

find_c = $(sort $(shell find src/$(1) -name '*.c' 2>/dev/null))
tests_of = $(filter %_test.c,$(ALL_$(1)))
fuzzers_of = $(filter %_fuzz.c,$(ALL_$(1)))
lib_of = $(filter-out %_test.c %_fuzz.c src/base/test_main.c,$(ALL_$(1)))

$(foreach f,$(FLOORS),$(eval ALL_$(f) := $(call find_c,$(f))))
LIB_FLOORS := $(filter-out prog,$(FLOORS))
LIB := $(foreach f,$(LIB_FLOORS),$(call lib_of,$(f)))
TESTS := $(foreach f,$(FLOORS),$(call tests_of,$(f)))
FUZZERS := $(foreach f,$(FLOORS),$(call fuzzers_of,$(f)))
ALL_C := $(foreach f,$(FLOORS),$(ALL_$(f)))

# The floors up to and with $(1).
below_ = $(if $(filter $(1),$(firstword $(2))),$(1),$(firstword $(2)) $(call below_,$(1),$(wordlist 2,$(words $(2)),$(2))))
below = $(call below_,$(1),$(FLOORS))
TESTED_FLOORS := $(foreach f,$(FLOORS),$(if $(call tests_of,$(f)),$(f)))

# ---------------------------------------------------------------- flags

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Wconversion -Werror
LIBS := $(shell $(PKG_CONFIG) --libs openssl libsodium libseccomp 2>/dev/null || echo -lssl -lcrypto -lsodium -lseccomp)
LIBS_VERIFY := $(shell $(PKG_CONFIG) --libs libcrypto libsodium 2>/dev/null || echo -lcrypto -lsodium)
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags openssl libsodium libseccomp 2>/dev/null)
CPPFLAGS := -D_GNU_SOURCE -Isrc -Ibuild/gen $(PKG_CFLAGS)
CFLAGS := -std=gnu11 -g -fno-common -fno-strict-aliasing -pthread $(WARN)
BANNED := $(wildcard src/base/banned.h)
CFLAGS += $(addprefix -include ,$(BANNED))
# Only the store sees the engine's header.
CPPFLAGS_store := -isystem build/lib
# What banned.h forbids depends on the floor; auditverify stands alone and owns its memory.
floor_number = $(words $(filter-out $(1),$(call below,$(1))))
flags_of = $(CPPFLAGS_$(call floor_of,$(1))) -DENGAWA_FLOOR=$(if $(filter src/prog/auditverify.c,$(1)),0,$(call floor_number,$(call floor_of,$(1)))) \
  $(if $(filter src/core/sched% %_test.c,$(1)),-DENGAWA_MAY_THREAD)

HARDEN := -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE
HARDEN_GCC := $(HARDEN) -ftrivial-auto-var-init=zero
HARDEN_LD := -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed
SAN := -O1 -fno-omit-frame-pointer -fno-sanitize-recover=all -fPIE
SAN_ADDRESS := -fsanitize=address,undefined

# Tests reach the fake clock, seeded ids and fault points through this flag; the release has none of them.
TESTING := -DENGAWA_TEST

# A file that holds the flags and changes only when they do: what was compiled with others is compiled again.
# $(1) file, $(2) flags
define FLAGS_FILE_RULE
$(1): FORCE
	@mkdir -p $$(@D)
	@printf '%s\n' '$(2)' | cmp -s - $$@ || printf '%s\n' '$(2)' > $$@
endef
FLAGS_FILE = $(eval $(call FLAGS_FILE_RULE,$(1),$(2)))
FORCE:

# ---------------------------------------------------------------- the engine: third-party, built once, without our warnings

SQLITE_FLAGS := -std=gnu11 -O2 -w -DSQLITE_THREADSAFE=2 -DSQLITE_DEFAULT_MEMSTATUS=0 -DSQLITE_DQS=0 -DSQLITE_ENABLE_FTS5 \
  -DSQLITE_ENABLE_STAT4 -DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_LIKE_DOESNT_MATCH_BLOBS -DSQLITE_OMIT_SHARED_CACHE \
  -DSQLITE_OMIT_DEPRECATED -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_USE_URI=0 -DSQLITE_TEMP_STORE=2 -DSQLITE_USE_ALLOCA \
  -DSQLITE_SECURE_DELETE -DSQLITE_DEFAULT_FOREIGN_KEYS=1 -DSQLITE_DEFAULT_WAL_SYNCHRONOUS=2 -DSQLITE_MAX_EXPR_DEPTH=200 \
  -DHAVE_USLEEP=1 -DHAVE_FDATASYNC=1 -DSQLITE_ENABLE_COLUMN_METADATA \
  -DHAVE_CIPHER_AES_128_CBC=0 -DHAVE_CIPHER_AES_256_CBC=0 -DHAVE_CIPHER_RC4=0 -DHAVE_CIPHER_ASCON128=0 \
  -DCODEC_TYPE=CODEC_TYPE_SQLCIPHER -DSQLITE3MC_USE_SQLCIPHER_LEGACY=1

build/lib/sqlite3.h: tool/sqlite3mc
	tool/sqlite3mc build/lib
	touch $@

SQLITE_COMPILE := $(CC_GCC) $(SQLITE_FLAGS) -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection
$(call FLAGS_FILE,build/lib/flags,$(SQLITE_COMPILE))
build/lib/sqlite3mc.o: build/lib/sqlite3.h build/lib/flags
	@echo "  CC    sqlite3 (once, about a minute)"
	@$(SQLITE_COMPILE) -c build/lib/sqlite3.c -o $@

ENGINE := $(if $(ALL_store),build/lib/sqlite3mc.o)

# ---------------------------------------------------------------- rules of one variant

# $(1) variant, $(2) compiler, $(3) flags
floor_of = $(word 2,$(subst /, ,$(1)))
objs = $(patsubst src/%.c,build/obj/$(1)/%.o,$(2))
define COMPILE
$(call FLAGS_FILE_RULE,build/obj/$(1)/flags,$(2) $(CPPFLAGS) $(CFLAGS) $(3))
build/obj/$(1)/%.o: src/%.c build/obj/$(1)/flags
	@mkdir -p $$(@D)
	@echo "  CC    $(1) $$*"
	@$(2) $$(CPPFLAGS) $$(call flags_of,$$<) $$(CFLAGS) $(3) -MMD -MP -c $$< -o $$@
$(call objs,$(1),$(ALL_store)): | build/lib/sqlite3.h
endef

# $(1) program's file, $(2) source under prog/, $(3) variant, $(4) compiler, $(5) link flags, $(6) libraries
define PROGRAM
$(if $(wildcard $(2)),
$(1): $(call objs,$(3),$(2) $(LIB)) $(ENGINE)
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	@$(4) $(5) $$^ -o $$@ $(LIBS) -pthread -lm)
endef

# $(1) variant, $(2) folder of its programs, $(3) compiler, $(4) compile flags, $(5) link flags
define VARIANT
$(call COMPILE,$(1),$(3),$(4))
$(call PROGRAM,$(2)/engawad,src/prog/engawad.c,$(1),$(3),$(5))
$(call PROGRAM,$(2)/engawactl,src/prog/engawactl.c,$(1),$(3),$(5))
endef
programs = $(foreach p,$(2),$(if $(wildcard src/prog/$(p).c),$(1)/$(p)))

$(eval $(call VARIANT,release,build,$(CC_GCC),$(HARDEN_GCC),$(HARDEN_LD)))
$(eval $(call VARIANT,test,build/test,$(CC_GCC),$(HARDEN_GCC) $(TESTING),$(HARDEN_LD)))
$(eval $(call VARIANT,asan,build/asan,$(CC_CLANG),$(SAN) $(SAN_ADDRESS) $(TESTING),$(SAN_ADDRESS) -pie))
$(eval $(call COMPILE,fuzz,$(CC_CLANG),$(SAN) $(SAN_ADDRESS) -fsanitize=fuzzer-no-link $(TESTING)))

# auditverify shares no code with the server: its one file and two libraries.
ifneq ($(wildcard src/prog/auditverify.c),)
build/auditverify: build/obj/release/prog/auditverify.o
	@echo "  LD    $@"
	@$(CC_GCC) $(HARDEN_LD) $^ -o $@ $(LIBS_VERIFY)
endif

# A mutant compiles anew only the files that name its flag; the rest is the test variant's.
MUTANTS := $(sort $(shell grep -rhoE '\bMUTANT_[A-Z0-9_]+' src --include='*.c' 2>/dev/null | sed 's/MUTANT_//' | tr 'A-Z_' 'a-z-'))
mutant_flag = MUTANT_$(shell echo $(1) | tr 'a-z-' 'A-Z_')
define MUTANT
build/mutant/$(1)/engawad: $(call objs,test,$(filter-out $(2),src/prog/engawad.c $(LIB))) $(call objs,mutant-$(1),$(2)) $(ENGINE)
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	@$(CC_GCC) $(HARDEN_LD) $$^ -o $$@ $(LIBS) -pthread -lm
$(call COMPILE,mutant-$(1),$(CC_GCC),$(HARDEN_GCC) $(TESTING) -D$(3))
.PHONY: mutant-$(1)
mutant-$(1): build/mutant/$(1)/engawad
endef
$(foreach m,$(MUTANTS),$(eval $(call MUTANT,$(m),$(shell grep -rlE '\b$(call mutant_flag,$(m))\b' src --include='*.c'),$(call mutant_flag,$(m)))))

# ---------------------------------------------------------------- unit runners and fuzz targets

# $(1) floor
define UNIT
build/asan/unit-$(1): $(call objs,asan,$(call tests_of,$(1)) src/base/test_main.c $(foreach f,$(call below,$(1)),$(filter-out src/prog/%,$(call lib_of,$(f))))) \
    $(if $(filter store,$(call below,$(1))),$(ENGINE))
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	@$(CC_CLANG) $(SAN_ADDRESS) -pie $$^ -o $$@ $(LIBS) -pthread -lm
endef
$(foreach f,$(TESTED_FLOORS),$(eval $(call UNIT,$(f))))
UNITS := $(patsubst %,build/asan/unit-%,$(TESTED_FLOORS))

# $(1) source of the target, $(2) its floor, $(3) its name
define FUZZER
build/fuzz/$(3): $(call objs,fuzz,$(1) $(foreach f,$(call below,$(2)),$(filter-out src/prog/%,$(call lib_of,$(f))))) \
    $(if $(filter store,$(call below,$(2))),$(ENGINE))
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	@$(CC_CLANG) -fsanitize=fuzzer,address,undefined -pie $$^ -o $$@ $(LIBS) -pthread -lm
endef
fuzz_name = $(patsubst %_fuzz,%,$(basename $(notdir $(1))))
$(foreach s,$(FUZZERS),$(eval $(call FUZZER,$(s),$(call floor_of,$(s)),$(call fuzz_name,$(s)))))
FUZZ_BINS := $(foreach s,$(FUZZERS),build/fuzz/$(call fuzz_name,$(s)))

# ---------------------------------------------------------------- targets

.PHONY: all build asan testbuild mutants unit fuzz fuzzbuild objects clean help
build: $(call programs,build,engawad engawactl auditverify) $(if $(wildcard src/prog/engawad.c),,objects) ## release: build/engawad, engawactl, auditverify
objects: $(call objs,release,$(LIB))                    ## every file of every floor, release flags, no link
testbuild: $(call programs,build/test,engawad engawactl) ## build/test: fake clock, seeded ids, fault points
asan: $(call programs,build/asan,engawad engawactl) $(UNITS) ## build/asan: clang, address and undefined-behaviour sanitizers
mutants: $(addprefix mutant-,$(MUTANTS))                ## every build/mutant/<name>/engawad
fuzzbuild: $(FUZZ_BINS)

unit: $(UNITS)                                          ## run the unit tests of every floor (FLOOR=net: of one)
	@for u in $(or $(addprefix build/asan/unit-,$(FLOOR)),$(UNITS)); do $$u; done

clean:                                                  ## remove what was built (the engine's object and node_modules stay)
	rm -rf build/obj build/asan build/test build/mutant build/fuzz build/gen build/engawad build/engawactl build/auditverify build/proof

help:
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

-include $(shell find build/obj -name '*.d' 2>/dev/null)
