/* SPDX-License-Identifier: MIT */
/*
 * odd.h - what makes a visit odd: the firmware's tables and clock, processors, sticks, servers.
 *
 * Each function changes what is posed just before the visit, or (before_...) what the stick has.
 */
#ifndef ODD_H
#define ODD_H

/* odd_board.c */
void odd_clock(void);
void odd_no_tables(void);
void odd_old_tables(void);
void odd_bad_tables(void);
void odd_headless(void);
void odd_small_screen(void);
void odd_no_memory(void);

/* odd_processors.c */
void odd_many(void);
void odd_endless(void);
void odd_limited(void);
void odd_blank(void);
void odd_switched_off(void);
void odd_other_gates(void);
void odd_few_gates(void);
void odd_firmware_faults(void);
void odd_silent(void);
void odd_mp_numbers(void);

/* odd_setup.c */
void odd_databases(void);
void odd_drivers(void);
void odd_variables(void);
void odd_tpm_other_bank(void);
void odd_tpm_absent(void);
void odd_tpm_refuses(void);
void odd_tpm_sha1(void);
void before_challenge(void);

/* odd_stick.c */
void before_long_conf(void);
void before_odd_conf(void);
void before_names(void);
void before_last_number(void);
void before_bad_key(void);
void before_sealed(void);
void before_hidden(void);
void before_other_host(void);
void odd_mixed(void);
void odd_longer(void);
void odd_shorter(void);
void odd_loop(void);
void odd_many_files(void);
void odd_cd_and_file(void);
void odd_no_driver(void);

/* odd_network.c */
void odd_no_cable(void);
void odd_no_card(void);
void odd_manual(void);
void odd_refused(void);
void odd_forbidden(void);
void odd_other_file(void);
void odd_no_header(void);
void odd_code_unknown(void);
void odd_http_secret(void);
void odd_http_long(void);
void odd_http_short(void);
void odd_http_huge(void);
void odd_http_bare(void);
void odd_pxe_reply(void);
void odd_pxe_proxy(void);
void odd_pxe_ipv6(void);
void odd_pxe_long(void);
void odd_pxe_grows(void);
void before_bad_ca(void);
void before_stored_ca(void);

/* The name of the posed TPM's key: SHA-256 of its 88 bytes 0x11, the first eight bytes. */
#define POSED_TPM_KEY "ef4234eb365aedbd"

#endif
