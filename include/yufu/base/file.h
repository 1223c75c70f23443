/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file - whole files in, and files out that are there completely or not at all
 * (hosted).
 *
 * Errors: YF_E_NOTFOUND, YF_E_DENIED, YF_E_ROOM (larger than asked for), YF_E_STATE
 * (there already), and YF_E_IO for the rest; errno says more and stays set.
 */
#ifndef YUFU_BASE_FILE_H
#define YUFU_BASE_FILE_H

#include <yufu/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The whole of a file of at most max bytes, "-" being standard input. The memory
 * is the caller's until yf_file_free, which wipes it: a file may hold a key.
 */
YF_MUST YF_API yf_err yf_file_read(const char *path, size_t max, uint8_t **data, size_t *n);
YF_API void yf_file_free(uint8_t *data, size_t n);

/*
 * A file being written. It takes its name only at commit, after its bytes are on
 * the disk; until then, and whatever kills the process, a file of that name is
 * what it was before. NULL or "-" is standard output; a device or pipe is
 * written as it stands.
 */
typedef struct yf_file yf_file;

/* mode: 0600 for what is secret, 0666 (less the umask) for the rest. */
YF_MUST YF_API yf_err yf_file_create(const char *path, unsigned mode, yf_file **f);
YF_MUST YF_API yf_err yf_file_write(yf_file *f, yf_span bytes);
/* Sync, name and free it; on failure it is aborted. */
YF_MUST YF_API yf_err yf_file_commit(yf_file *f);
/* The same, but only if nothing has that name by then: else YF_E_STATE. */
YF_MUST YF_API yf_err yf_file_commit_new(yf_file *f);
/* Forget it; NULL is harmless. */
YF_API void yf_file_abort(yf_file *f);

/* Create, write and commit. */
YF_MUST YF_API yf_err yf_file_save(const char *path, unsigned mode, yf_span bytes);

#ifdef __cplusplus
}
#endif

#endif
