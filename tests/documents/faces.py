"""Measures of a face without fault, for the rules that judge them."""

from services.documents.domain.photo_measures import FaceMeasures, FaceSearch

FACE = FaceMeasures(
    box_height=0.45,
    centre_x=0.5,
    centre_y=0.55,
    outside=0.0,
    roll=1.0,
    yaw=-2.0,
    eye_openness=0.25,
    eye_contrast=0.7,
    eye_brightness=0.85,
    under_eye_brightness=0.9,
    mouth_contrast=120.0,
    mouth_red_shift=0.5,
    mouth_yellow_shift=-1.0,
    head_colour_share=0.0,
    cloth_beside_share=0.0,
    brightest=190.0,
    clipped_share=0.0,
    edge_width=1.35,
    edge_width_ratio=1.2,
    detail=-1.4,
)
ONE_FACE = FaceSearch(count=1, largest=FACE)
