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
# What the tests of this floor and of those above share: no test stands in it.
fixtures_of = $(filter %_fixture_test.c,$(ALL_$(1)))
# What reads archives: for the operator's program alone, with libarchive.
CTL_ALONE := src/role/ctl_mattermost.c src/role/ctl_slack.c src/role/ctl_zip.c
# What reads strangers' files: for engawa-media alone, with its libraries.
MEDIA_ALONE := src/role/media.c src/role/media_archive.c src/role/media_card.c src/role/media_mark.c src/role/media_pdf.c src/role/media_vips.c
# What speaks to the internet: for engawa-fetch alone, with libcurl.
FETCH_ALONE := src/role/fetch.c
# What speaks to the operator's store: for engawa-store alone, with libcurl.
STORE_ALONE := src/role/store.c
lib_of = $(filter-out %_test.c %_fuzz.c src/base/test_main.c $(CTL_ALONE) $(MEDIA_ALONE) $(FETCH_ALONE) $(STORE_ALONE),$(ALL_$(1)))

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
LIBS := $(shell $(PKG_CONFIG) --libs openssl libsodium libseccomp liboath 2>/dev/null || echo -lssl -lcrypto -lsodium -lseccomp -loath)
LIBS_CTL := $(shell $(PKG_CONFIG) --libs libarchive 2>/dev/null || echo -larchive)
PKG_MEDIA := vips poppler-glib libarchive libxml-2.0
LIBS_MEDIA := $(shell $(PKG_CONFIG) --libs $(PKG_MEDIA) 2>/dev/null || echo -lvips -lpoppler-glib -lcairo -lgobject-2.0 -lglib-2.0 -larchive -lxml2)
LIBS_FETCH := $(shell $(PKG_CONFIG) --libs libcurl 2>/dev/null || echo -lcurl)
CFLAGS_MEDIA := $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(PKG_MEDIA) 2>/dev/null))
LIBS_VERIFY := $(shell $(PKG_CONFIG) --libs libcrypto libsodium 2>/dev/null || echo -lcrypto -lsodium)
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags openssl libsodium libseccomp liboath 2>/dev/null)
CPPFLAGS := -D_GNU_SOURCE -Isrc -Ibuild $(PKG_CFLAGS)
CFLAGS := -std=gnu11 -g -fno-common -fno-strict-aliasing -pthread $(WARN)
BANNED := $(wildcard src/base/banned.h)
CFLAGS += $(addprefix -include ,$(BANNED))
# Only the store sees the engine's header.
CPPFLAGS_store := -isystem build/lib
# What banned.h forbids depends on the floor; auditverify stands alone and owns its memory.
floor_number = $(words $(filter-out $(1),$(call below,$(1))))
flags_of = $(CPPFLAGS_$(call floor_of,$(1))) -DENGAWA_FLOOR=$(if $(filter src/prog/auditverify%,$(1)),0,$(call floor_number,$(call floor_of,$(1)))) \
  $(if $(filter src/core/sched% %_test.c,$(1)),-DENGAWA_MAY_THREAD) $(if $(filter $(MEDIA_ALONE),$(1)),$(CFLAGS_MEDIA))

HARDEN := -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE
HARDEN_GCC := $(HARDEN) -ftrivial-auto-var-init=zero
HARDEN_LD := -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed
SAN := -O1 -fno-omit-frame-pointer -fno-sanitize-recover=all -fPIE
SAN_ADDRESS := -fsanitize=address,undefined
SAN_THREAD := -fsanitize=thread

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

SQLITE_FLAGS := -std=gnu11 -O3 -w -DSQLITE_THREADSAFE=2 -DSQLITE_DEFAULT_MEMSTATUS=0 -DSQLITE_DQS=0 -DSQLITE_ENABLE_FTS5 \
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
# The web client's files, packed; a program built without them serves none (role/web_pack.h).
PACKED := $(if $(wildcard web/index.html),$(if $(wildcard tool/pack),build/obj/web_pack.o))

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

# $(1) program's file, $(2) source under prog/, $(3) variant, $(4) compiler, $(5) link flags, $(6) further libraries,
# $(7) further sources
define PROGRAM
$(if $(wildcard $(2)),
$(1): $(call objs,$(3),$(2) $(LIB) $(7)) $(ENGINE) $(PACKED)
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	@$(4) $(5) $$^ -o $$@ $(LIBS) $(6) -pthread -lm)
endef

# $(1) program's file, $(2) variant, $(3) compiler, $(4) link flags, $(5) sources of its own, $(6) libraries: the floors below and what a role begins
# with, no store and no domain
HELPER_LIB = $(foreach f,base crypt net,$(call lib_of,$(f))) $(addprefix src/role/,start.c roles.c config.c figures.c attack.c sandbox.c sandbox_landlock.c sandbox_seccomp.c)
define HELPER
$(1): $(call objs,$(2),src/prog/$(notdir $(1)).c $(HELPER_LIB) $(5))
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	@$(3) $(4) $$^ -o $$@ $(LIBS) $(6) -pthread -lm
endef

# $(1) variant, $(2) folder of its programs, $(3) compiler, $(4) compile flags, $(5) link flags
define VARIANT
$(call COMPILE,$(1),$(3),$(4))
$(call PROGRAM,$(2)/engawad,src/prog/engawad.c,$(1),$(3),$(5))
$(call PROGRAM,$(2)/engawactl,src/prog/engawactl.c,$(1),$(3),$(5),$(LIBS_CTL),$(CTL_ALONE))
$(call HELPER,$(2)/engawa-media,$(1),$(3),$(5),$(MEDIA_ALONE),$(LIBS_MEDIA))
$(call HELPER,$(2)/engawa-fetch,$(1),$(3),$(5),$(FETCH_ALONE),$(LIBS_FETCH))
$(call HELPER,$(2)/engawa-store,$(1),$(3),$(5),$(STORE_ALONE),$(LIBS_FETCH))
$(2)/engawad: | $(2)/engawa-media $(2)/engawa-fetch $(2)/engawa-store
endef
programs = $(foreach p,$(2),$(if $(wildcard src/prog/$(p).c),$(1)/$(p)))

$(eval $(call VARIANT,release,build,$(CC_GCC),$(HARDEN_GCC),$(HARDEN_LD)))
$(eval $(call VARIANT,test,build/test,$(CC_GCC),$(HARDEN_GCC) $(TESTING),$(HARDEN_LD)))
$(eval $(call VARIANT,asan,build/asan,$(CC_CLANG),$(SAN) $(SAN_ADDRESS) $(TESTING),$(SAN_ADDRESS) -pie))
$(eval $(call VARIANT,tsan,build/tsan,$(CC_CLANG),$(SAN) $(SAN_THREAD) $(TESTING),$(SAN_THREAD) -pie))
$(eval $(call COMPILE,fuzz,$(CC_CLANG),$(SAN) $(SAN_ADDRESS) -fsanitize=fuzzer-no-link $(TESTING)))

# auditverify shares no code with the server: its one file and two libraries.
ifneq ($(wildcard src/prog/auditverify.c),)
build/auditverify: build/obj/release/prog/auditverify.o
	@echo "  LD    $@"
	@$(CC_GCC) $(HARDEN_LD) $^ -o $@ $(LIBS_VERIFY)
endif

# The simulation: the test variant, its threads, keyd and the tenant's loop replaced by those of test/sim.
SIM_OWN := $(wildcard test/sim/*.c)
SIM_INSTEAD_OF := src/core/sched.c src/role/tenant_keyd.c src/role/tenant.c
$(call FLAGS_FILE,build/sim/flags,$(CC_GCC) $(CPPFLAGS) $(CFLAGS) $(HARDEN_GCC) $(TESTING))
build/sim/%.o: test/sim/%.c build/sim/flags | build/lib/sqlite3.h
	@echo "  CC    sim $*"
	@$(CC_GCC) $(CPPFLAGS) $(CPPFLAGS_store) -Itest/sim $(CFLAGS) $(HARDEN_GCC) $(TESTING) -MMD -MP -c $< -o $@
SIM := $(SIM_OWN:test/sim/%.c=build/sim/%.o)
SIM_LIB := $(filter-out $(SIM_INSTEAD_OF),$(LIB))
build/sim/sim: $(SIM) $(call objs,test,$(SIM_LIB)) $(ENGINE)
	@echo "  LD    $@"
	@$(CC_GCC) $(HARDEN_LD) $^ -o $@ $(LIBS) -pthread -lm
-include $(wildcard build/sim/*.d)
.PHONY: simulate
simulate: build/sim/sim                                 ## SEEDS=200 FIRST=1: a tenant's core with its clients, clock and disk under seeds (SEED=…: one again)
	@build/sim/sim $(or $(SEEDS),200) $(or $(FIRST),1)

# A mutant compiles anew only the files that name its flag; the rest is the test variant's.
MUTANTS := $(sort $(shell grep -rhoE '\bMUTANT_[A-Z0-9_]+' src --include='*.c' 2>/dev/null | sed 's/MUTANT_//' | tr 'A-Z_' 'a-z-'))
SIM_MUTANTS := $(shell awk '$$2 ~ /^test\/sim\// { print $$1 }' test/mutants)
mutant_flag = MUTANT_$(shell echo $(1) | tr 'a-z-' 'A-Z_')
define MUTANT
build/mutant/$(1)/engawad: | build/test/engawa-media build/test/engawa-fetch build/test/engawa-store
build/mutant/$(1)/engawad: $(call objs,test,$(filter-out $(2),src/prog/engawad.c $(LIB))) $(call objs,mutant-$(1),$(2)) $(ENGINE) $(PACKED)
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	@$(CC_GCC) $(HARDEN_LD) $$^ -o $$@ $(LIBS) -pthread -lm
	@ln -sf ../../test/engawactl ../../test/engawa-media ../../test/engawa-fetch ../../test/engawa-store $$(@D)/
build/mutant/$(1)/sim: $(SIM) $(call objs,test,$(filter-out $(2),$(SIM_LIB))) $(call objs,mutant-$(1),$(filter $(2),$(SIM_LIB))) $(ENGINE)
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	@$(CC_GCC) $(HARDEN_LD) $$^ -o $$@ $(LIBS) -pthread -lm
$(call COMPILE,mutant-$(1),$(CC_GCC),$(HARDEN_GCC) $(TESTING) -D$(3))
.PHONY: mutant-$(1)
mutant-$(1): build/mutant/$(1)/$(if $(filter $(1),$(SIM_MUTANTS)),sim,engawad)
endef
$(foreach m,$(MUTANTS),$(eval $(call MUTANT,$(m),$(shell grep -rlE '\b$(call mutant_flag,$(m))\b' src --include='*.c'),$(call mutant_flag,$(m)))))

# The test variant with sealed columns as PostgreSQL stores them: one file more to compile.
define SEALED
build/sealed/$(1): $(call objs,test,$(filter-out src/store/db_open.c,src/prog/$(1).c $(LIB) $(2))) $(call objs,sealed,src/store/db_open.c) $(ENGINE) $(PACKED)
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	@$(CC_GCC) $(HARDEN_LD) $$^ -o $$@ $(LIBS) $(3) -pthread -lm
	@ln -sf ../test/engawa-media ../test/engawa-fetch ../test/engawa-store $$(@D)/
build/sealed/$(1): | build/test/engawa-media build/test/engawa-fetch build/test/engawa-store
endef
$(eval $(call COMPILE,sealed,$(CC_GCC),$(HARDEN_GCC) $(TESTING) -DENGAWA_SEALED))
$(eval $(call SEALED,engawad))
$(eval $(call SEALED,engawactl,$(CTL_ALONE),$(LIBS_CTL)))

# ---------------------------------------------------------------- unit runners and fuzz targets

# $(1) floor, $(2) variant, $(3) its sanitizers
define UNIT
build/$(2)/unit-$(1): $(call objs,$(2),$(sort $(call tests_of,$(1)) $(foreach f,$(call below,$(1)),$(call fixtures_of,$(f)))) src/base/test_main.c $(foreach f,$(call below,$(1)),$(filter-out src/prog/%,$(call lib_of,$(f))))) \
    $(if $(filter store,$(call below,$(1))),$(ENGINE))
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	@$(CC_CLANG) $(3) -pie $$^ -o $$@ $(LIBS) -pthread -lm
endef
$(foreach f,$(TESTED_FLOORS),$(eval $(call UNIT,$(f),asan,$(SAN_ADDRESS))))
$(foreach f,$(TESTED_FLOORS),$(eval $(call UNIT,$(f),tsan,$(SAN_THREAD))))
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

export PATH := $(CURDIR)/build/node/bin:$(PATH)

.PHONY: all build objects testbuild asan mutants fuzzbuild unit warnings-clang analyzer
build: $(call programs,build,engawad engawactl engawa-media engawa-fetch engawa-store auditverify) $(if $(wildcard src/prog/engawad.c),,objects) ## release: build/engawad, engawactl, engawa-media, engawa-fetch, engawa-store, auditverify
all: build
objects: $(call objs,release,$(LIB))                    ## every file of every floor with release flags, no link
testbuild: $(call programs,build/test,engawad engawactl engawa-media engawa-fetch engawa-store) ## build/test: fake clock, seeded ids, fault points
asan: $(call programs,build/asan,engawad engawactl engawa-media engawa-fetch engawa-store) $(UNITS) ## build/asan: clang, address and undefined-behaviour sanitizers
mutants: $(addprefix mutant-,$(MUTANTS))                ## every build/mutant/<name>/engawad (one: make mutant-<name>)
fuzzbuild: $(FUZZ_BINS)                                 ## build/fuzz/<name> for every *_fuzz.c

unit: $(if $(FLOOR),build/asan/unit-$(FLOOR),$(UNITS))  ## run the unit tests of every floor (FLOOR=net: of one)
	@mkdir -p "$${PROOF_DIR:-build}"; printf '%s\n' $^ | \
	    xargs -P 2 -I{} sh -c '{} > {}.log 2>&1; status=$$?; cat {}.log; exit $$status'

# Every file of ours once more with clang and no object.
CHECKED := $(patsubst src/%.c,build/obj/syntax/%.ok,$(ALL_C))
warnings-clang: $(CHECKED)                              ## every file without a warning under clang too
build/obj/syntax/%.ok: src/%.c build/obj/asan/flags
	@mkdir -p $(@D)
	@$(CC_CLANG) $(CPPFLAGS) $(call flags_of,$<) $(CFLAGS) $(if $(filter %_test.c %_fuzz.c,$<),$(TESTING)) -fsyntax-only -MMD -MP -MF $(@:.ok=.d) -MT $@ $<
	@touch $@
$(patsubst src/%.c,build/obj/syntax/%.ok,$(ALL_store)): | build/lib/sqlite3.h

analyzer:                                               ## gcc -fanalyzer over every file that ships
	@status=0; for f in $(LIB) $(CTL_ALONE) $(wildcard src/prog/*.c); do \
	    $(CC_GCC) $(CPPFLAGS) $(CPPFLAGS_store) -DENGAWA_FLOOR=0 $(CFLAGS) -O1 -fanalyzer -c $$f -o /dev/null || status=1; done; exit $$status

.PHONY: fuzz
fuzz: $(FUZZ_BINS)                                      ## replay every corpus, then SECONDS=5 of new input each
	@tool/fuzz $(SECONDS_OF_FUZZING) $^

# ---- suites on Node

.PHONY: test-sim test-tsan test-api-sealed test-store test-tools test-logins test-large test-web test-api test-api-asan test-e2e test-fault test-fault-long kill power flips backups test-mutants test-tls tamper
# API tests wait more than they reckon (a third of their time is the disk's), browser tests less: so many files at a time. Faults
# and clocks have the machine for themselves.
AT_ONCE = $(or $(AT_ONCE_$(notdir $(1))),1)
AT_ONCE_api := 4
AT_ONCE_e2e := 2
# $(1) folder: its *_test.mjs; a suite without a file is a failed one
suite = @files=$$(find $(1) -name '*_test.mjs' 2>/dev/null | sort || true); \
    [ -n "$$files" ] || { echo "no test under $(1)"; echo "0 passed, 1 failed"; exit 1; }; \
    node --test --test-concurrency=$(AT_ONCE) --test-reporter=./test/lib/reporter.mjs $$files
test-tools:                                             ## the tools' own tests, with planted violations
	$(call suite,test/tool)
tamper: testbuild build/auditverify build/asan/unit-svc ## N=1000 changes of an audit log, in an export and in the store (SEED=…: the same again)
	@ENGAWA_TAMPERINGS=$(or $(N),1000) $(if $(SEED),SEED=$(SEED)) node --test --test-reporter=./test/lib/reporter.mjs test/api/audit_tamper_test.mjs
	@TAMPERINGS=$(or $(N),1000) $(if $(SEED),SEED=$(SEED)) build/asan/unit-svc 'audit_tamper*'
test-tls: testbuild                                     ## testssl.sh at the edge: nothing from LOW on (make full)
	$(call suite,test/tls)
test-store:                                             ## every SQL text prepared on a PostgreSQL of the test's own
	$(call suite,test/store)
test-web: $(if $(HAS_WEB),build/web.stamp)              ## the web client's own tests
	@cd web && files=$$(find test -name '*_test.mjs' 2>/dev/null | sort || true) && [ -n "$$files" ] || { echo "no test under web/test"; echo "0 passed, 1 failed"; exit 1; }; \
	    node $$([ -f test/typescript.mjs ] && echo --import ./test/typescript.mjs) --test --test-reporter=../test/lib/reporter.mjs $$files
test-api: testbuild build/auditverify             ## API tests over TLS against build/test (ENGAWA_BIN says the folder)
	$(call suite,test/api)
test-api-asan: export ENGAWA_BIN := $(CURDIR)/build/asan
test-api-asan: export PROOF_SUFFIX := -asan
test-api-asan: asan build/auditverify             ## the same against build/asan (ONLY='search member': these)
	@node --test --test-concurrency=$(AT_ONCE_api) --test-reporter=./test/lib/reporter.mjs $(if $(ONLY),$(foreach t,$(ONLY),test/api/$(t)_test.mjs),$(sort $(wildcard test/api/*_test.mjs)))
test-api-sealed: export ENGAWA_BIN := $(CURDIR)/build/sealed
test-api-sealed: export PROOF_SUFFIX := -sealed
test-api-sealed: testbuild build/sealed/engawad build/sealed/engawactl build/auditverify ## the same with sealed columns (ONLY='search member': these)
	@node --test --test-concurrency=$(AT_ONCE_api) --test-reporter=./test/lib/reporter.mjs test/sealed/sealed_test.mjs $(if $(ONLY),$(foreach t,$(ONLY),test/api/$(t)_test.mjs),$(sort $(wildcard test/api/*_test.mjs)))
# A report ends its process, and stands in build/tsan/reports whatever the tests made of that.
TSAN_UNITS := $(patsubst %,build/tsan/unit-%,$(TESTED_FLOORS))
TSAN_API := answer audit_log chore file here import later message read rights room search talk
TSAN_REPORTS := $(CURDIR)/build/tsan/reports
test-tsan: export ENGAWA_BIN := $(CURDIR)/build/tsan
test-tsan: export TSAN_OPTIONS := halt_on_error=1:exitcode=66:log_path=$(TSAN_REPORTS)/report
test-tsan: export ENGAWA_FLIPS := 2
test-tsan: export PROOF_DIR :=
test-tsan: $(TSAN_UNITS) $(call programs,build/tsan,engawad engawactl) ## no thread steps on another one's: unit tests, and API tests of a tenant's threads (make full)
	@rm -rf $(TSAN_REPORTS); mkdir -p $(TSAN_REPORTS); chmod 1777 $(TSAN_REPORTS); status=0; \
	    for u in $(TSAN_UNITS); do $$u || status=1; done; \
	    node --test --test-concurrency=2 --test-reporter=./test/lib/reporter.mjs $(foreach t,$(TSAN_API),test/api/$(t)_test.mjs) || status=1; \
	    for r in $(TSAN_REPORTS)/*; do [ ! -e "$$r" ] || { cat "$$r"; status=1; }; done; exit $$status
test-logins: testbuild                                  ## ENGAWA_LOGINS=10000 log-ins leave no memory behind
	@node --test --test-reporter=./test/lib/reporter.mjs test/api/session_memory_test.mjs
test-large: testbuild                                   ## ENGAWA_FILE_MB=2048: a file of 2 GB in and out, and what it costs in memory
	@node --test --test-reporter=./test/lib/reporter.mjs test/api/large_file_test.mjs
test-e2e: testbuild web                                 ## two people in browsers
	$(call suite,test/e2e)
screens: testbuild web                                  ## the pictures of README.md
	@node test/e2e/screens.mjs
test-fault: testbuild build/auditverify build/test/disk ## kills, power cuts and failing disks
	$(call suite,test/fault)
test-fault-long: export ENGAWA_KILLS := 1000
test-fault-long: export ENGAWA_STORM_SECONDS := 1800
test-fault-long: export ENGAWA_FILLS := 50
test-fault-long: export ENGAWA_INJECT := all
test-fault-long: export ENGAWA_BACKUPS := 100
test-fault-long: export ENGAWA_ALLOCATIONS := all
test-fault-long: export ENGAWA_STALLED := 1000
test-fault-long: export ENGAWA_CRASHES := 200
test-fault-long: testbuild build/auditverify build/test/disk
	$(call suite,test/fault)
kill: export ENGAWA_KILLS := $(or $(N),100)
kill: testbuild build/auditverify                       ## N=100 kills of random roles under load (SEED=…: the same again)
	@SEED=$(SEED) node --test --test-concurrency=1 --test-reporter=./test/lib/reporter.mjs test/fault/kill_test.mjs
power: export ENGAWA_CUTS := $(or $(N),100)
power: testbuild build/auditverify build/test/disk      ## N=100 power cuts, N=all at every change (SEED=…: the same again)
	@SEED=$(SEED) node --test --test-concurrency=1 --test-reporter=./test/lib/reporter.mjs test/fault/power_test.mjs
flips: build/asan/unit-store build/asan/unit-role       ## N=10000 flipped bits in databases, keys, backups (SEED=…: the same again)
	@for unit in store role; do ENGAWA_FLIPS=$(or $(N),10000) SEED=$(SEED) build/asan/unit-$$unit '*flip_*' || exit 1; done
# The disk of the power cuts, by FUSE; without its library the test that needs it says that it did not run.
build/test/disk: $(wildcard test/disk/*.[ch])
	@mkdir -p $(@D)
	@echo "  LD    $@"
	@$(PKG_CONFIG) --exists fuse3 || { echo "no libfuse3-dev: power cuts cannot run"; exit 0; }; \
	    $(CC_GCC) -std=gnu11 -D_GNU_SOURCE -g -O2 $(WARN) $$($(PKG_CONFIG) --cflags fuse3) $(filter %.c,$^) -o $@ $$($(PKG_CONFIG) --libs fuse3)
backups: export ENGAWA_BACKUPS := $(or $(N),50)
backups: testbuild build/auditverify                    ## N=50 backups under load, processes killed meanwhile (SEED=…: the same again)
	@SEED=$(SEED) node --test --test-concurrency=1 --test-reporter=./test/lib/reporter.mjs test/fault/backup_test.mjs
test-sim: build/sim/sim                                 ## a tenant's core under 200 seeds
	$(call suite,test/sim)
test-mutants: testbuild build/auditverify mutants        ## every mutant is caught by the test that test/mutants names
	@tool/mutants $(MUTANTS)

# ---- web client and generated files

WEB_SOURCES := $(shell find web -name node_modules -prune -o -type f -print 2>/dev/null)
HAS_WEB := $(wildcard web/index.html)
.PHONY: web gen gen-check
web: $(if $(HAS_WEB),build/web.stamp)                   ## type-check and build the web client into build/web
build/web.stamp: $(WEB_SOURCES)
	@tool/setup run
	@echo "  WEB   build/web"
	@cd web && npm run --silent check && npm run --silent build
	@touch $@

# The packed files: data alone, one object for all variants.
build/gen/web_pack.c: $(wildcard tool/pack tool/pack.mjs) build/web.stamp
	@echo "  PACK  build/web"
	@mkdir -p $(@D)
	@tool/pack build/web $@
build/obj/web_pack.o: build/gen/web_pack.c src/role/web_pack.h
	@mkdir -p $(@D)
	@$(CC_GCC) $(CPPFLAGS) $(CFLAGS) $(HARDEN_GCC) -c $< -o $@

# What no code obeys yet, for the table of settings.
build/gen/policy_unobeyed.inc: src/core/policy_unobeyed.txt
	@mkdir -p $(@D)
	@sed -nE 's/^([a-z][a-z0-9_.]*)( partly)?$$/"\1",/p' $< > $@
$(foreach v,release test asan tsan fuzz $(addprefix mutant-,$(MUTANTS)),$(eval $(call objs,$(v),$(ALL_core)): | build/gen/policy_unobeyed.inc))
$(patsubst src/%.c,build/obj/syntax/%.ok,$(ALL_core)): | build/gen/policy_unobeyed.inc

build/describe.json: build/engawad
	@build/engawad --describe > $@
gen: build/describe.json                                ## web/gen and doc/gen from the tables of build/engawad
	tool/gen $<
gen-check: build/describe.json                          ## the committed web/gen and doc/gen are what the tables give
	@rm -rf build/gen-check && tool/gen $< build/gen-check
	@for d in web/gen doc/gen; do diff -r $$d build/gen-check/$$d || { echo "run make gen and commit $$d"; exit 1; }; done

# ---- everything, in parts with a clock (test/parts is the table)

.PHONY: check test full bench screens
check:                                                  ## the two-minute part of make test
	@tool/parts check
test:                                                   ## everything that decides
	@tool/parts test
full:                                                   ## make test and the long proofs
	@tool/parts full
BENCHES := $(patsubst test/bench/%.c,build/bench/%,$(wildcard test/bench/*.c))
build/bench/%: test/bench/%.c $(call objs,release,$(LIB)) $(ENGINE)
	@mkdir -p $(@D)
	@echo "  LD    $@"
	@$(CC_GCC) $(CPPFLAGS) $(CFLAGS) $(HARDEN_GCC) $(HARDEN_LD) $^ -o $@ $(LIBS) -pthread -lm
BENCH_TOOLS := $(addprefix build/bench-tools/,limits crowd bare first)
build/bench-tools/%: test/bench/tools/%.c test/bench/tools/measure.h
	@mkdir -p $(@D)
	@echo "  LD    $@"
	@$(CC_GCC) -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Wshadow -Werror $(filter %.c,$^) -o $@ $(LIBS)
build/bench-tools/crowd: test/bench/tools/client.c test/bench/tools/client.h
bench: build testbuild $(BENCHES) $(BENCH_TOOLS)        ## figures and their aims, a table at the end, build/bench.tsv (ONLY="pairs": these); 15 minutes
	@ONLY="$(ONLY)" SMALL="$(SMALL)" test/bench/run

# ---- for others

.PHONY: package sbom
sbom:                                                   ## build/sbom.json: what is in the programs and the web client (CycloneDX)
	@mkdir -p build && tool/sbom > build/sbom.json
package: build                                          ## build/package/engawa_<version>_<arch>.deb, symbols beside it
	@tool/package build build/package
.PHONY: test-package
test-bare: export BARE_WHOLE := $(WHOLE)
test-bare:                                              ## the two commands in a bare Debian; needs root (WHOLE=1: make test there too)
	$(call suite,test/bare)
test-package: package                                   ## the package: its contents, installed, serving, removed
	$(call suite,test/package)

# ---- use

.PHONY: setup run demo demo-reset stop trust untrust clean distclean help
setup:                                                  ## install what is missing, for tests too
	@tool/setup test
run:                                                    ## install what is missing, build, open a demo company, serve it
	@tool/setup run
	@$(MAKE) --no-print-directory build
	@exec tool/run
demo: build                                             ## two people talk, by curl; shows both sides and the audit rows
	@test/demo/two-people.sh
demo-reset: stop build                                  ## the demo company of make run anew, and serve it
	@tool/run reset
	@exec tool/run
stop:                                                   ## end what make run started
	@tool/run stop
trust:                                                  ## this user's browsers trust the development CA
	@tool/trust add
untrust:
	@tool/trust remove

clean:                                                  ## remove what was built (the engine's object and modules stay)
	rm -rf build/obj build/asan build/tsan build/test build/mutant build/fuzz build/gen build/gen-check build/proof build/parts \
	    build/engawad build/engawactl build/auditverify build/describe.json build/proof.tsv build/web.stamp build/web
distclean: clean
	rm -rf build web/node_modules

help:
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

-include $(shell find build/obj -name '*.d' 2>/dev/null)
