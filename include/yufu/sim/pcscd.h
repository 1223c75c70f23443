/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pcscd - a PC/SC service of one's own, that no other program meets.
 *
 * yf_pcscd_enter moves the calling process to where nothing else is: its own view of
 * /run (mounts) and its own loopback (network), as a user of its own when it is not
 * root's. There it starts pcscd with the virtual reader of vsmartcard-vpcd. Of the
 * machine's readers it sees none, and nobody outside sees it: vpcd, which listens
 * on all interfaces, has only that loopback to listen on.
 *
 * There is no way back: what the process does from then on, and its children,
 * happens there. A process that needs the real network makes a child first. The
 * process must have one thread.
 */
#ifndef YUFU_SIM_PCSCD_H
#define YUFU_SIM_PCSCD_H

#include <yufu/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { YF_PCSCD_WHY = 192 }; // bytes of a reason, its NUL included

/*
 * Enter and start; when it returns YF_OK, PC/SC and the reader are there. *pid is the
 * service's; it ends with this process, however that ends.
 *
 * YF_E_NOTFOUND  pcscd or vpcd is not installed
 * YF_E_DENIED    this machine gives no namespaces
 * YF_E_IO        anything else: the service does not come up
 * why says which in a line, and the mend.
 */
YF_MUST YF_API yf_err yf_pcscd_enter(int *pid, char why[YF_PCSCD_WHY]);

/* End it and wait for its end. */
YF_API void yf_pcscd_stop(int pid);

#ifdef __cplusplus
}
#endif

#endif
