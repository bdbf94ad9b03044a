from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "lachan.evidence"
    label = "evidence"
    verbose_name = "Sổ chứng cứ"
