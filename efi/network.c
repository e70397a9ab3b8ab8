/* SPDX-License-Identifier: MIT */
#include "network.h"

/* So long an address is waited for; without a cable in any card, the shorter time. */
#define ADDRESS_MILLISECONDS 30000
#define CABLE_MILLISECONDS   8000

/* From the first address on, for those of other cards. */
#define MORE_MILLISECONDS 500

#define POLL_MICROSECONDS 10000

/* PCI Local Bus Specification 3.0, 6.2.1 and appendix D */
#define PCI_CLASS         0x0b
#define PCI_CLASS_NETWORK 0x02

/* Longer than an interface's information with a table of routes. */
#define INFO_MAX 8192

EFI_EVENT timer_start(const struct firmware *fw, uint32_t milliseconds)
{
	EFI_EVENT timer;

	if (EFI_ERROR(fw->boot->CreateEvent(EVT_TIMER, 0, NULL, NULL, &timer)))
		return NULL;
	if (EFI_ERROR(fw->boot->SetTimer(timer, TimerRelative, milliseconds * UINT64_C(10000))))
		timer_end(fw, &timer);
	return timer;
}

void timer_end(const struct firmware *fw, EFI_EVENT *timer)
{
	if (*timer)
		fw->boot->CloseEvent(*timer);
	*timer = NULL;
}

bool timer_over(const struct firmware *fw, EFI_EVENT *timer)
{
	if (*timer && !EFI_ERROR(fw->boot->CheckEvent(*timer)))
		timer_end(fw, timer);
	return !*timer;
}

/*
 * Booted from a stick, OVMF has not started the drivers of the network; connecting again where it
 * has is harmless.  Other devices are left alone: that takes seconds, and starts disks.
 */
static void connect(const struct firmware *fw)
{
	EFI_GUID guid = EFI_PCI_IO_PROTOCOL_GUID;
	EFI_PCI_IO_PROTOCOL *pci;
	EFI_HANDLE *handles;
	UINTN count;

	if (EFI_ERROR(fw->boot->LocateHandleBuffer(ByProtocol, &guid, NULL, &count, &handles)))
		return;
	for (UINTN i = 0; i < count; i++) {
		UINT8 class = 0;

		if (!EFI_ERROR(fw->boot->HandleProtocol(handles[i], &guid, (void **)&pci)) &&
		    !EFI_ERROR(pci->Pci.Read(pci, EfiPciIoWidthUint8, PCI_CLASS, 1, &class)) &&
		    class == PCI_CLASS_NETWORK)
			fw->boot->ConnectController(handles[i], NULL, NULL, TRUE);
	}
	fw->boot->FreePool(handles);
}

static UINT32 type_of(const struct network_way *w, bool policy)
{
	if (w->family == NETWORK_IPV6)
		return policy ? IP6_POLICY : IP6_MANUAL_ADDRESS;
	return policy ? IP4_POLICY : IP4_MANUAL_ADDRESS;
}

/*
 * EDK2 forgets an address that was set by hand when the policy changes, and putting that back does
 * not bring it again.
 */
static bool has_manual(const struct network_way *w)
{
	UINTN size = 0;

	return w->config->GetData(w->config, type_of(w, false), &size, NULL) ==
	               EFI_BUFFER_TOO_SMALL &&
	       size > 0;
}

static void ask(struct network *n, EFI_HANDLE card, enum network_family family)
{
	EFI_GUID ip4 = EFI_IP4_CONFIG2_PROTOCOL_GUID, ip6 = EFI_IP6_CONFIG_PROTOCOL_GUID;
	struct network_way *w = &n->way[n->count];
	UINT32 automatic = IP_POLICY_AUTOMATIC;
	UINTN size = sizeof(w->policy);

	if (n->count == sizeof(n->way) / sizeof(n->way[0]))
		return;
	*w = (struct network_way){ .card = card, .family = (uint8_t)family };
	if (EFI_ERROR(n->fw->boot->HandleProtocol(card, family == NETWORK_IPV6 ? &ip6 : &ip4,
	                                          (void **)&w->config)))
		return;
	n->count++;
	if (EFI_ERROR(w->config->GetData(w->config, type_of(w, true), &size, &w->policy)) ||
	    w->policy == IP_POLICY_AUTOMATIC || has_manual(w))
		return;
	w->changed = !EFI_ERROR(
		w->config->SetData(w->config, type_of(w, true), sizeof(automatic), &automatic));
}

void network_start(struct network *n, const struct firmware *fw, unsigned families)
{
	EFI_GUID guid = EFI_HTTP_SERVICE_BINDING_PROTOCOL_GUID;
	EFI_HANDLE *cards;
	UINTN count;

	families &= ~n->families;
	if (!families)
		return;
	if (!n->families)
		connect(fw);
	n->fw = fw;
	n->families |= families;
	if (EFI_ERROR(fw->boot->LocateHandleBuffer(ByProtocol, &guid, NULL, &count, &cards)))
		return;
	for (unsigned family = NETWORK_IPV4; family <= NETWORK_IPV6; family++)
		for (UINTN i = 0; families >> family & 1 && i < count; i++)
			ask(n, cards[i], (enum network_family)family);
	fw->boot->FreePool(cards);
	timer_end(fw, &n->time);
	n->time = timer_start(fw, ADDRESS_MILLISECONDS);
}

/* More than a link-local address; one that is still checked for duplicates is not listed. */
static bool has_address(const struct network_way *w, void *memory)
{
	const EFI_IP4_CONFIG2_INTERFACE_INFO *of4 = memory;
	const EFI_IP6_CONFIG_INTERFACE_INFO *of6 = memory;
	UINTN size = INFO_MAX;

	if (EFI_ERROR(w->config->GetData(w->config, IP_INTERFACE_INFO, &size, memory)))
		return false;
	if (w->family == NETWORK_IPV4)
		return of4->StationAddress[0] != 0;
	for (UINT32 i = 0; i < of6->AddressInfoCount; i++) {
		const UINT8 *a = of6->AddressInfo[i].Address.Addr;

		if (a[0] != 0xfe || (a[1] & 0xc0) != 0x80)
			return true;
	}
	return false;
}

static size_t find(struct network *n, unsigned families, void *memory, struct network_way **ret)
{
	size_t count = 0;

	for (size_t i = 0; i < n->count; i++)
		if (families >> n->way[i].family & 1 && has_address(&n->way[i], memory))
			ret[count++] = &n->way[i];
	return count;
}

/* Returns false if every card says that nothing is plugged in. */
static bool has_cable(const struct network *n)
{
	EFI_GUID guid = EFI_SIMPLE_NETWORK_PROTOCOL_GUID;
	EFI_SIMPLE_NETWORK *snp;

	for (size_t i = 0; i < n->count; i++)
		if (EFI_ERROR(n->fw->boot->HandleProtocol(n->way[i].card, &guid, (void **)&snp)) ||
		    !snp->Mode->MediaPresentSupported || snp->Mode->MediaPresent)
			return true;
	return false;
}

size_t network_wait(struct network *n, unsigned families,
                    struct network_way *ret[static 2 * NETWORK_CARDS])
{
	EFI_EVENT cable;
	void *memory;
	size_t count;

	if (n->count == 0 || EFI_ERROR(n->fw->boot->AllocatePool(EfiLoaderData, INFO_MAX, &memory)))
		return 0;
	cable = timer_start(n->fw, CABLE_MILLISECONDS);
	while ((count = find(n, families, memory, ret)) == 0 && !timer_over(n->fw, &n->time) &&
	       (!timer_over(n->fw, &cable) || has_cable(n)))
		n->fw->boot->Stall(POLL_MICROSECONDS);
	timer_end(n->fw, &cable);
	if (count && count < n->count) {
		n->fw->boot->Stall(MORE_MILLISECONDS * 1000);
		count = find(n, families, memory, ret);
	}
	n->fw->boot->FreePool(memory);
	return count;
}

void network_end(struct network *n)
{
	for (size_t i = 0; i < n->count; i++) {
		struct network_way *w = &n->way[i];

		if (w->changed)
			w->config->SetData(w->config, type_of(w, true), sizeof(w->policy),
			                   &w->policy);
	}
	if (n->families)
		timer_end(n->fw, &n->time);
	*n = (struct network){ .families = 0 };
}
